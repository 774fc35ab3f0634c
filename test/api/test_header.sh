#!/bin/sh
# Are rustls.h and galvan.h valid in every C and C++, with every warning that a program may turn
# into an error? Compiles a use of them with each compiler that is there; compilers and standards
# that are not are passed over, but one C compiler must be there.
set -eu
include=$(cd "$(dirname "$0")/../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Types with and without their keyword, constants, a callback, and no declaration after a statement.
cat > "$work/use.c" <<'C'
#include "galvan.h"
#include "rustls.h"
static uint32_t accept_all(void *userdata, const rustls_verify_server_cert_params *params)
{
    (void)userdata;
    return params->server_name.len == 0 ? RUSTLS_RESULT_GENERAL : RUSTLS_RESULT_OK;
}
int use(struct rustls_client_config_builder *builder, rustls_connection *conn);
int use(rustls_client_config_builder *builder, struct rustls_connection *conn)
{
    rustls_result result;
    rustls_str text = rustls_version();
    struct rustls_str same;
    struct rustls_slice_bytes alpn;
    rustls_io_result io = 0;
    enum rustls_tls_version version = RUSTLS_TLS_VERSION_TLSV1_3;
    galvan_error_detail detail;
    same = text;
    alpn.data = NULL;
    alpn.len = same.len;
    result = rustls_client_config_builder_dangerous_set_certificate_verifier(builder, accept_all);
    if (result != RUSTLS_RESULT_OK || !rustls_connection_wants_read(conn))
        io = 1;
    switch (rustls_client_config_builder_set_alpn_protocols(builder, &alpn, 1)) {
    case RUSTLS_RESULT_OK:
        break;
    default:
        return rustls_result_is_cert_error(result) ? 1 : 0;
    }
    if (rustls_connection_get_protocol_version(conn) != (uint16_t)version)
        result = galvan_connection_error_detail(conn, &detail, sizeof detail);
    return RUSTLS_VERSION_NUMBER == 0x000f0300L ? io : (int)result;
}
C
cp "$work/use.c" "$work/use.cc"
warnings='-pedantic -Wall -Wextra -Wundef -Wendif-labels -Wshadow -Werror'
tried=0

try()
{
    compiler=$1 standard=$2 source=$3
    shift 3
    command -v "$compiler" > /dev/null || return 0
    empty=$work/empty.${source##*.}
    "$compiler" "-std=$standard" -c "$empty" -o "$work/out.o" 2> /dev/null || return 0
    # shellcheck disable=SC2086
    "$compiler" "-std=$standard" $warnings "$@" -I"$include" -c "$work/$source" -o "$work/out.o"
    tried=$((tried + 1))
    echo "ok: $compiler -std=$standard"
}

echo 'typedef int empty;' | tee "$work/empty.c" > "$work/empty.cc"
for compiler in gcc clang "${GALVAN_CC:-cc}"; do
    for standard in c89 iso9899:199409 gnu89 c99 c11 gnu17 c2x c23; do
        try "$compiler" "$standard" use.c -Wstrict-prototypes -Wmissing-prototypes \
            -Wdeclaration-after-statement
    done
done
[ "$tried" -gt 0 ] || { echo 'no C compiler was found'; exit 1; }
for compiler in g++ clang++; do
    for standard in c++98 c++11 c++14 c++17 c++20 c++23; do
        try "$compiler" "$standard" use.cc
    done
done

# The branch for C23 on a compiler that stops short of it but knows the syntax.
try clang c2x use.c -U__STDC_VERSION__ -D__STDC_VERSION__=202311L -Wno-builtin-macro-redefined \
    -Wno-macro-redefined -Wno-fixed-enum-extension
