#!/bin/sh
# Does each public header compile alone, without a warning, in every dialect that a user may have?
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
failed=0
tried=0

# try COMPILER DIALECT LANGUAGE HEADER: two includes, as a guard must allow
try()
{
    command -v "$1" >/dev/null 2>&1 || return 0
    tried=$((tried + 1))
    printf '#include "%s"\n#include "%s"\nint main(void);\nint main(void) { return 0; }\n' "$4" "$4" |
        "$1" -std="$2" -pedantic -Wall -Wextra -Wundef -Wendif-labels -Werror \
            -fsyntax-only "-I$top/include" -x "$3" - || { echo "fails: $1 -std=$2 $4"; failed=1; }
}

for path in "$top"/include/*.h; do
    header=${path##*/}
    for cc in gcc clang; do
        for dialect in c89 c99 c11 c17 c2x; do
            try "$cc" $dialect c "$header"
        done
    done
    for cxx in g++ clang++; do
        for dialect in c++98 c++11 c++17 c++20; do
            try "$cxx" $dialect c++ "$header"
        done
    done
done
echo "$tried compilations"
[ "$tried" -gt 0 ] && exit $failed
