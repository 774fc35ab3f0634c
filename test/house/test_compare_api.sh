#!/bin/sh
# Do the header and the libraries of this build have the API of test/api/, all of it that is not
# listed as missing, and nothing else? And would scripts/compare-api see it if they had not?
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

"$top/scripts/compare-api" "$GALVAN_BIN_DIR" || failed=1

# sees MESSAGE FILE SED-SCRIPT: with the file of test/api or the installed header changed so, it fails
# and says so
cmake --install "$GALVAN_BIN_DIR" --prefix "$work/prefix" >/dev/null
sees()
{
    rm -rf "$work/tree"
    mkdir -p "$work/tree/test"
    cp -r "$top/scripts" "$work/tree"
    cp -r "$top/test/api" "$work/tree/test"
    cp -r "$work/prefix/include" "$work/tree"
    ln -s "$work/prefix/lib"* "$work/tree"
    sed "$3" "$work/tree/$2" >"$work/changed"
    if cmp -s "$work/changed" "$work/tree/$2"; then
        echo "changes nothing: $2: $3"
        failed=1
    fi
    cp "$work/changed" "$work/tree/$2"
    if "$work/tree/scripts/compare-api" "$work/tree" >"$work/out" 2>&1 || ! grep -q -e "$1" "$work/out"; then
        echo "not seen: $1 ($2: $3)"
        head -n 40 "$work/out"
        failed=1
    fi
}

# Names
sees 'in not-yet.txt, but exported' test/api/not-yet.txt '1i rustls_version'
sees 'in not-yet.txt, but not a name of the API' test/api/not-yet.txt '1i rustls_no_such_name'
sees 'neither exported nor in not-yet.txt' test/api/not-yet.txt '/^rustls_connection_read_2$/d'
sees 'declared, but not exported' include/rustls.h '/^#define RUSTLS_H$/a int rustls_no_such_function(void);'
sees 'declared, but not exported' include/galvan.h '/^#define GALVAN_H$/a int galvan_no_such_function(void);'
sees 'declared in no header' include/rustls.h '/rustls_version(void)/d'
sees 'exported, but not a name of the API' test/api/symbols.txt '/^RUSTLS_ALL_VERSIONS_LEN$/d'
# Numbers
sees 'RUSTLS_RESULT_IO' test/api/constants.tsv '/^RUSTLS_RESULT_IO\t/s/7001/7000/'
sees 'RUSTLS_RESULT_IO' include/rustls.h '/ RUSTLS_RESULT_IO = /s/7001/7000/'
sees 'a constant of the header, but not of the API' test/api/constants.tsv '/^RUSTLS_RESULT_IO\t/d'
sees 'RUSTLS_RESULT_IO' include/rustls.h '/ RUSTLS_RESULT_IO = /d'
sees 'the version of the API' include/rustls.h '/define RUSTLS_VERSION_PATCH/s/3/4/'
# Types and parameters
sees 'rustls_error' test/api/functions.tsv '/^rustls_error\t/s/unsigned int result/uint64_t result/'
sees 'rustls_connection_wants_read' include/rustls.h 's/^bool rustls_connection_wants_read(/int rustls_connection_wants_read(/'
sees 'rustls_connection_is_handshaking' include/rustls.h '/rustls_connection_is_handshaking(/s/const struct/struct/'
sees 'rustls_slice_str_get' include/rustls.h '/rustls_slice_str_get(/s/size_t n/size_t n, size_t m/'
sees 'SAME_TYPE(rustls_hpke ' include/rustls.h '/^typedef struct rustls_hpke rustls_hpke;$/s/rustls_hpke;/rustls_hpke_;/'
sees 'rustls_slice_u16.data' include/rustls.h 's/    const uint16_t \*data;/    const int16_t *data;/'
sees 'rustls_client_hello' include/rustls.h '/struct rustls_slice_u16 signature_schemes;/d'
sees 'rustls_session_store_put_callback' include/rustls.h '/rustls_session_store_put_callback)/s/uint32_t/uint64_t/'
sees 'RUSTLS_ALL_VERSIONS is of another type' include/rustls.h 's/RUSTLS_ALL_VERSIONS\[2\]/RUSTLS_ALL_VERSIONS[3]/'
exit $failed
