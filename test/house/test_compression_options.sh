#!/bin/sh
# Can the library be built without brotli, without zlib, and without both, and does it then need, name
# and offer what is left, and no more?
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${GALVAN_CC:-cc}

fail()
{
    echo "$1"
    exit 1
}

# Lists the numbers of what the build offers, in order.
cat >"$work/list.c" <<'C'
#include "compress/compress.h"
#include <stdio.h>

int main(void)
{
    struct compressor_list list;
    gv_compressors_default(&list);
    for (size_t i = 0; i < list.count; i++)
        printf("%u ", list.at[i]->algorithm);
    return 0;
}
C

# tries BROTLI ZLIB NUMBERS LIBRARY...
tries()
{
    brotli=$1 zlib=$2 numbers=$3
    shift 3
    build=$work/$brotli-$zlib
    cmake -S "$top" -B "$build" -DCMAKE_C_COMPILER="$cc" -DGALVAN_BROTLI="$brotli" -DGALVAN_ZLIB="$zlib" \
        >"$work/log" 2>&1 || { cat "$work/log"; fail "brotli $brotli, zlib $zlib: cannot be configured"; }
    # The files of the room that this configuration compiles, and what they stand on.
    files=$(grep -o '"file": ".*/src/\(compress\|base\)/[a-z0-9_]*\.c"' "$build/compile_commands.json" | cut -d '"' -f 4)
    # shellcheck disable=SC2086
    "$cc" -std=c11 -Wall -Wextra -Werror -D_POSIX_C_SOURCE=200809L -I"$top/src" "$work/list.c" $files \
        -pthread "$@" -o "$build/list" || fail "brotli $brotli, zlib $zlib: does not build"
    [ "$("$build/list")" = "$numbers" ] || fail "brotli $brotli, zlib $zlib: offers $("$build/list")"
    for library in brotlienc zlib; do
        named=$(grep -c "^Requires.private:.*$library" "$build/galvan.pc") || :
        asked=OFF
        case " $* " in *" -l${library%lib} "* | *" -l$library "*) asked=ON ;; esac
        [ "$asked" = OFF ] || [ "$named" = 1 ] || fail "galvan.pc does not name $library"
        [ "$asked" = ON ] || [ "$named" = 0 ] || fail "galvan.pc names $library, which is left out"
    done
}

tries ON ON '2 1 ' -lbrotlienc -lbrotlidec -lz
tries ON OFF '2 ' -lbrotlienc -lbrotlidec
tries OFF ON '1 ' -lz
tries OFF OFF ''
