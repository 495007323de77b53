#!/bin/sh
# pkg_config.sh CC LIBDIR WORKDIR: builds and runs consumer.c with what pkg-config says, shared and, where LIBDIR has the
# static library, fully static.
set -eu
cc=$1 libdir=$2 work=$3
source=$(dirname "$0")/consumer.c
export PKG_CONFIG_PATH="$libdir/pkgconfig"
mkdir -p "$work"

# shellcheck disable=SC2046 # flags are words
"$cc" -std=c11 "$source" $(pkg-config --cflags --libs stockmention) -o "$work/shared"
LD_LIBRARY_PATH=$libdir "$work/shared"
[ -e "$libdir/libstockmention.a" ] || exit 0
# shellcheck disable=SC2046
"$cc" -std=c11 -static "$source" $(pkg-config --static --cflags --libs stockmention) -o "$work/static"
"$work/static"
