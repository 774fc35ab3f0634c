#!/bin/sh
# Do the header and the libraries of this build have the API of test/api/, all of it that is not
# listed as missing, and nothing else? And would scripts/compare-api see it if they had not?
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

"$top/scripts/compare-api" "$GALVAN_BIN_DIR" || failed=1

# sees MESSAGE FILE SED-SCRIPT: with the file changed so, it fails and says so
sees()
{
    rm -rf "$work/tree"
    mkdir -p "$work/tree/test"
    cp -r "$top/scripts" "$top/include" "$work/tree"
    cp -r "$top/test/api" "$work/tree/test"
    sed "$3" "$top/$2" >"$work/tree/$2"
    if "$work/tree/scripts/compare-api" "$GALVAN_BIN_DIR" >"$work/out" 2>&1 || ! grep -q "$1" "$work/out"; then
        echo "not seen: $1 ($2: $3)"
        cat "$work/out"
        failed=1
    fi
}

sees 'in not-yet.txt, but exported' test/api/not-yet.txt '1i rustls_version'
sees 'in not-yet.txt, but not a name of the API' test/api/not-yet.txt '1i rustls_no_such_name'
sees 'neither exported nor in not-yet.txt' test/api/not-yet.txt '/^rustls_connection_read_2$/d'
sees 'declared, but not exported' include/rustls.h '/^#define RUSTLS_H$/a int rustls_no_such_function(void);'
sees 'declared in no header' include/rustls.h '/rustls_version(void)/d'
sees 'exported, but not a name of the API' test/api/symbols.txt '/^RUSTLS_ALL_VERSIONS_LEN$/d'
sees 'RUSTLS_RESULT_IO' test/api/constants.tsv '/^RUSTLS_RESULT_IO\t/s/7001/7000/'
sees 'rustls_error' test/api/functions.tsv '/^rustls_error\t/s/unsigned int result/uint64_t result/'
exit $failed
