#!/bin/sh
# External pre-shared keys in TLS 1.3: our client and our server with OpenSSL's and GnuTLS's, with
# HelloRetryRequest and resumption, with wrong keys and unknown names; and with each other, where keys
# may also be imported (RFC 9258), which those two do not do.
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl gnutls-cli gnutls-serv
cd "$certs"
key=8f21005cd3779a10e46b31c8f00d52a9
other=8f21005cd3779a10e46b31c8f00d52a8
psk="--psk lamp:$key"
gnutls_tls13=NORMAL:-VERS-ALL:+VERS-TLS1.3:+ECDHE-PSK:+DHE-PSK

client()
{
    # shellcheck disable=SC2086
    "$galvan" client --json --http / --output "$work/page" "$@" "127.0.0.1:$port"
}

# by_psk KIND: what our client says of a connection that a key made
by_psk()
{
    expect out.log '"version":"TLS 1.3"' '"psk_identity":"lamp"' '"verified":true' '"certificates":\[\]' "\"handshake\":\"$1\"" \
        '"http_status":200'
}

# ---- our server ---------------------------------------------------------------------------------

s_client()
{
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
        openssl s_client -tls1_3 -connect "127.0.0.1:$port" -psk_identity lamp -psk "$key" -brief -ign_eof "$@" \
            >"$work/page" 2>"$work/err.log"
}

gnutls_cli()
{
    rm -f "$work/ended"
    { printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'; until_true 10 test -e "$work/ended" || :; } | {
        status=0
        gnutls-cli --port "$port" --pskusername lamp --pskkey "$key" "$@" localhost >"$work/page" 2>"$work/err.log" || status=$?
        : >"$work/ended"
        exit $status
    }
}

# shellcheck disable=SC2086
start_galvan server $psk
server=$pid
for suite in TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256; do
    s_client -ciphersuites "$suite" || fail "s_client with $suite ended with $?"
    expect page '^HTTP/1.1 200 ' '<td>lamp</td>' '<td>full</td>' 'SHA256</td>'
done
s_client -groups X448:P-256 || fail "s_client with another hello ended with $?"
expect page '<td>lamp</td>' '<td>full with hello retry request</td>'
s_client -sess_out "$work/session" || fail "s_client ended with $?"
s_client -sess_in "$work/session" || fail "s_client with a session ended with $?"
expect page '<td>lamp</td>' '<td>resumed</td>'
passed "our server with s_client: suites, HelloRetryRequest, resumption"

gnutls_cli --priority "$gnutls_tls13" || fail "gnutls-cli ended with $?"
expect page '^HTTP/1.1 200 ' '<td>lamp</td>' '<td>full</td>'
gnutls_cli --single-key-share --priority "$gnutls_tls13:-GROUP-ALL:+GROUP-X448:+GROUP-SECP256R1" ||
    fail "gnutls-cli with another hello ended with $?"
expect page '<td>lamp</td>' '<td>full with hello retry request</td>'
passed "our server with gnutls-cli: HelloRetryRequest too"

! s_client -psk "$other" || fail "another key will do"
await server.log 'the binder of a pre-shared key is wrong.*decrypt_error (51)'
expect err.log 'alert decrypt error'
! s_client -psk_identity table || fail "any name will do"
await server.log "none of the client's pre-shared keys is known here.*unknown_psk_identity (115)"
expect err.log 'alert number 115'
expect_status 1 openssl s_client -tls1_3 -connect "127.0.0.1:$port"
await server.log 'the client offers no pre-shared key.*handshake_failure (40)'
expect_status 1 openssl s_client -tls1_2 -connect "127.0.0.1:$port"
await server.log 'protocol_version (70)'
stop "$server"
# shellcheck disable=SC2086
start_galvan both $psk --cert p256.pem --key p256.key
s_client || fail "s_client ended with $?"
expect page '<td>lamp</td>'
s_client -psk_identity table -CAfile ca.pem -verify_return_error || fail "no certificate stands in: $?"
expect page '<td>full</td>'
! grep -q 'lamp' "$work/page" || fail "there is a key"
stop "$pid"
passed "our server with wrong keys, unknown names, none at all, and a certificate beside"

# ---- our client -----------------------------------------------------------------------------------

s_server()
{
    start s_server openssl s_server -tls1_3 -accept "127.0.0.1:$port" -psk_identity lamp -psk "$key" -www "$@"
}

start_peer s_server -nocert
for _ in first second; do
    # shellcheck disable=SC2086
    expect_status 0 client $psk --reconnect 1
    by_psk full
    by_psk resumed
done
expect page 'TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256\|TLSv1.3, Cipher is TLS_CHACHA20_POLY1305_SHA256'
expect_status 1 client --psk "lamp:$other"
expect out.log '"alert_from":"peer"'
expect_status 1 client --psk "table:$key"
stop "$pid"
start_peer s_server -nocert -groups P-384
# shellcheck disable=SC2086
expect_status 0 client $psk
by_psk 'full with hello retry request'
stop "$pid"
start_peer s_server -cert p256.pem -key p256.key
expect_status 1 client --psk "table:$key"
expect out.log '"name":"PSK_DECLINED"'
expect_status 0 client --psk "table:$key" --ca ca.pem --servername localhost
expect out.log '"verified":true' '"subject":'
! grep -q psk_identity "$work/out.log" || fail "there is a key"
stop "$pid"
passed "our client with s_server: resumption, HelloRetryRequest, wrong keys, certificates in their place"

printf 'lamp:%s\n' "$key" >"$work/keys"
gnutls_serv()
{
    start gnutls-serv gnutls-serv --port "$port" --http --pskpasswd "$work/keys" "$@"
}
start_peer gnutls_serv --priority "$gnutls_tls13"
# shellcheck disable=SC2086
expect_status 0 client $psk
by_psk full
expect_status 1 client --psk "lamp:$other"
expect_status 1 client --psk "table:$key"
stop "$pid"
start_peer gnutls_serv --priority "$gnutls_tls13:-GROUP-ALL:+GROUP-SECP384R1"
# shellcheck disable=SC2086
expect_status 0 client $psk
by_psk 'full with hello retry request'
stop "$pid"
passed "our client with gnutls-serv: HelloRetryRequest, wrong keys"

# ---- both of ours ------------------------------------------------------------------------------------

start_galvan ours --psk "table:$other" --psk "lamp:$key" --psk-import 'hub > lamp'
server=$pid
expect_status 0 client --psk "lamp:$key" --psk-import 'hub > lamp' --reconnect 1
by_psk full
by_psk resumed
expect_status 1 client --psk "lamp:$key" --psk-import 'lamp > hub'
expect out.log '"alert_name":"unknown_psk_identity"'
expect_status 1 client --psk "lamp:$key"
expect out.log '"alert_name":"unknown_psk_identity"'
expect_status 1 client --psk "lamp:$other" --psk-import 'hub > lamp'
expect out.log '"alert_name":"decrypt_error"'
stop "$server"
start_galvan seen --psk "lamp:$key"
! grep -aq "$key" "/proc/$pid/cmdline" || fail "the list of processes shows the key"
stop "$pid"
passed "our client with our server: imported keys; no list of processes shows a key"
