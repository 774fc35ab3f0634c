#!/bin/sh
# Does the tree keep its layers and line rules, and does tools/check_layers see each fault it is for?
# Every fault is planted alone in a small clean tree, and must be named.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
check=$top/tools/check_layers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

"$check" "$top" || failed=1

clean_tree()
{
    rm -rf "$work/tree"
    for room in base wire compress crypto/openssl keys record pki config handshake connection api; do
        mkdir -p "$work/tree/src/$room"
        printf '/* A room. */\n#include "base/span.h"\nint x;\n' >"$work/tree/src/$room/room.c"
    done
}

# passes FILE TEXT: a line that is no fault there
passes()
{
    clean_tree
    printf '%b\n' "$2" >>"$work/tree/src/$1"
    "$check" "$work/tree" >"$work/out" || { echo "a fault seen where none is: $1: $2"; cat "$work/out"; failed=1; }
}

# fails FILE TEXT MESSAGE: a line that is a fault there, at its own line number
fails()
{
    clean_tree
    mkdir -p "$(dirname "$work/tree/src/$1")"
    printf '%b\n' "$2" >>"$work/tree/src/$1"
    if "$check" "$work/tree" >"$work/out" || ! grep -q "^src/$1:[0-9]*: .*$3" "$work/out"; then
        echo "not seen: $1: $2"
        cat "$work/out"
        failed=1
    fi
}

lines()
{
    awk -v n="$1" -v line="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s\\n", line }'
}

passes base/room.c '#include <time.h>\n#if defined(__linux__)\n#endif'
passes wire/room.c '#include "wire/hello.h"'
passes keys/room.c '#include "crypto/provider.h"'
passes connection/room.c '#include "record/deframe.h"\nint a = ALERT_CLOSE_NOTIFY;'
passes api/room.c '#include "connection/connection.h"\nint a(void) { return rustls_error(0); }'
passes crypto/openssl/room.c '#include <openssl/evp.h>\nEVP_MD *md;\n#if OPENSSL_VERSION_NUMBER\n#endif'
passes config/room.c 'rustls_verify_server_cert_callback call;'
passes handshake/room.c '/* EVP_ and malloc( and rustls_x stand\n in a comment: free( */ // time(\nconst char *s = "malloc(\\" free(";'
passes pki/room.c 'void f(struct x *x) { x->free(x); gv_free(x); der_time(x); }'
passes base/mem.c '/* m */ void *p(void) { return malloc(1); }'
passes compress/room.c '#include <brotli/decode.h>\n#include <zlib.h>\n#include "wire/codepoints.h"'
passes record/room.h '/* r */\n#ifndef GALVAN_RECORD_ROOM_H\n#define GALVAN_RECORD_ROOM_H\n#endif'
passes wire/room.c "int f(void)\n{\n$(lines 59 '    x++;')}"

fails base/room.c '#include "wire/hello.h"' 'base/ may not include wire/hello.h'
fails wire/room.c '#include "crypto/provider.h"' 'wire/ may not include'
fails wire/room.c '#include "record/deframe.h"' 'wire/ may not include'
fails crypto/room.c '#include "wire/hello.h"' 'crypto/ may not include'
fails keys/room.c '#include "record/protect.h"' 'keys/ may not include'
fails pki/room.c '#include "wire/hello.h"' 'pki/ may not include'
fails record/room.c '#include "keys/schedule.h"' 'record/ may not include'
fails config/room.c '#include "handshake/drive.h"' 'config/ may not include'
fails handshake/room.c '#include "record/deframe.h"' 'handshake/ may not include'
fails handshake/room.c '#include "pki/cert.h"' 'handshake/ may not include'
fails connection/room.c '#include "api/error.h"' 'connection/ may not include'
fails connection/room.c '#include "crypto/openssl/openssl.h"' 'know the backend'
fails api/room.c '#include "../pki/der.h"' 'written from src/'
fails wire/room.c '#include "hello.h"' 'written from src/'
fails pki/room.c '#include <openssl/x509.h>' 'outside crypto/openssl/'
fails handshake/room.c '#include <brotli/decode.h>' 'outside compress/'
fails config/room.c '#include <zlib.h>' 'outside compress/'
fails compress/room.c '#include "config/limits.h"' 'compress/ may not include'
fails crypto/room.c 'EVP_MD *md;' 'EVP_'
fails wire/room.c 'void *p(void) { return malloc (1); }' 'base/mem'
fails base/arena.c '/* a */\nvoid f(void *p) { free(p); }' 'base/mem'
fails handshake/room.c 'long f(void) { return time(0); }' 'asks the clock'
fails handshake/room.c 'int a = ALERT_DECODE_ERROR;' 'an alert'
fails connection/room.c 'struct rustls_connection *c;' 'rustls_'
fails config/room.c 'struct rustls_connection *c;' 'rustls_'
fails handshake/room.c '#ifdef __linux__\n#endif' '#if'
fails wire/room.c '# if 1\n# endif' '#if'
fails pki/room.c 'void f(char *p) { strcpy(p, "a"); }' 'bounded'
fails pki/room.c '/* TODO */' 'left for later'
fails wire/plain.c 'int no_comment_above;' 'opens with a comment'
fails wire/room.c "int f(void)\n{\n$(lines 71 '    x++;')}" 'a function of 72 lines'
fails wire/room.c "$(lines 700 'extern int x;')" 'under 700 lines'
fails attic/room.c '/* a */' 'does not know'

exit $failed
