#!/bin/sh
# Does an installed Galvan serve a program, however it asks for it: pkg-config under both names, the
# CMake package, the shared library and the archive? And does it bring nothing but libcrypto and the
# compression libraries along?
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
cc=${GALVAN_CC:-cc}
flags="-std=c11 -Wall -Wextra -Werror ${GALVAN_SANITIZER_FLAGS:-}"

fail()
{
    echo "$1"
    exit 1
}

# The build folder may be configured for any prefix; what is installed must not lean on it.
cmake --install "$GALVAN_BIN_DIR" --prefix "$prefix" >"$work/installed"
lib=$(dirname "$(find "$prefix" -name libgalvan.a)")

cat >"$work/program.c" <<'C'
#include <stdio.h>
#include <string.h>
#include "rustls.h"

int main(void)
{
    struct rustls_str v = rustls_version();
    printf("%.*s\n", (int)v.len, v.data);
    return strncmp(v.data, "rustls-ffi/0.15.3/", 18) == 0 ? 0 : 1;
}
C

needed=$(readelf -d "$lib/libgalvan.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for name in $needed; do
    case $name in
    libcrypto.so.* | libbrotlienc.so.* | libbrotlidec.so.* | libz.so.* | libc.so.* | ld-linux* | libasan.so.* | libubsan.so.* | libtsan.so.*) ;;
    *) fail "libgalvan.so needs $name" ;;
    esac
done
readelf -d "$lib/libgalvan.so" | grep -q 'SONAME.*\[libgalvan\.so\.0\]' || fail "not the SONAME libgalvan.so.0"

export PKG_CONFIG_PATH="$lib/pkgconfig"
# A library below a prefix of one's own is found at run time by its path; installed ones need none.
export LD_LIBRARY_PATH="$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
for name in galvan rustls; do
    # shellcheck disable=SC2046,SC2086
    "$cc" $flags "$work/program.c" -o "$work/by-$name" $(pkg-config --cflags --libs $name)
    "$work/by-$name" || fail "pkg-config $name: the program fails"
    readelf -d "$work/by-$name" | grep -q 'NEEDED.*\[libgalvan\.so\.0\]' || fail "pkg-config $name: not our library"
    # What the archive needs besides is in Requires.private.
    private=$(pkg-config --static --libs $name | sed "s/-l$name\\>//")
    # shellcheck disable=SC2046,SC2086
    "$cc" $flags "$work/program.c" -o "$work/static-$name" $(pkg-config --cflags galvan) "$lib/lib$name.a" $private
    "$work/static-$name" || fail "lib$name.a: the program fails"
done
pkg-config --atleast-version=0.15 rustls || fail "rustls.pc tells an old version"

mkdir "$work/project"
cat >"$work/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(program C)
find_package(galvan 0.1 REQUIRED)
add_executable(shared ../program.c)
target_link_libraries(shared galvan::galvan)
add_executable(static ../program.c)
target_link_libraries(static galvan::galvan_static)
CMAKE
build_project()
{
    CFLAGS=$flags cmake -S "$work/project" -B "$work/project/build" -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_PREFIX_PATH="$prefix" && cmake --build "$work/project/build"
}
build_project >"$work/log" 2>&1 || { cat "$work/log"; fail "find_package: does not build"; }
for form in shared static; do
    "$work/project/build/$form" || fail "find_package: the $form program fails"
done

# A debug build may name its sources; what others read must not name this build.
! grep -rl "$top\|$GALVAN_BIN_DIR" "$lib/pkgconfig" "$lib/cmake" "$prefix/include" || fail "an installed text names the build's folders"
