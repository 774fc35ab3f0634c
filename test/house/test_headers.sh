#!/bin/sh
# Does each public header compile alone, and a program that uses them, without a warning, in every
# dialect that a user may have?
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
failed=0
tried=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# try COMPILER DIALECT LANGUAGE FILE [OPTION...]; a dialect that the compiler is too old for is none
try()
{
    cc=$1 dialect=$2 language=$3 file=$4
    shift 4
    command -v "$cc" >/dev/null 2>&1 || return 0
    "$cc" -std="$dialect" -fsyntax-only -x "$language" /dev/null 2>/dev/null || return 0
    tried=$((tried + 1))
    "$cc" -std="$dialect" -pedantic -Wall -Wextra -Wundef -Wendif-labels -Wshadow -Werror "$@" \
        -fsyntax-only "-I$top/include" -x "$language" "$file" ||
        { echo "fails: $cc -std=$dialect $file"; failed=1; }
}

# Each header by itself, twice, as a guard must allow; then the program.
cp "$top/test/api/use.c" "$work"
for path in "$top"/include/*.h; do
    header=${path##*/}
    printf '#include "%s"\n#include "%s"\nint main(void);\nint main(void) { return 0; }\n' \
        "$header" "$header" >"$work/${header%.h}.c"
done
for file in "$work"/*.c; do
    for cc in gcc clang; do
        for dialect in c89 iso9899:199409 gnu89 c99 c11 gnu17 c2x c23; do
            try "$cc" $dialect c "$file" -Wstrict-prototypes -Wmissing-prototypes
        done
    done
    for cxx in g++ clang++; do
        for dialect in c++98 c++11 c++17 c++20 c++23; do
            try "$cxx" $dialect c++ "$file"
        done
    done
    # The branch for C23, in a compiler that stops short of C23 but knows the syntax.
    try clang c2x c "$file" -U__STDC_VERSION__ -D__STDC_VERSION__=202311L \
        -Wno-builtin-macro-redefined -Wno-macro-redefined -Wno-fixed-enum-extension
done
echo "$tried compilations"
[ "$tried" -gt 0 ] && exit $failed
