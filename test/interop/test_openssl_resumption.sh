#!/bin/sh
# Are sessions of TLS 1.3 resumed with OpenSSL in both roles: with each suite, behind a
# HelloRetryRequest, with client certificates; and is early data (0-RTT) taken, or sent again where it is not?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl
cd "$certs"
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' >"$work/request"
cp "$work/request" "$work/early"

# ---- our server ---------------------------------------------------------------------------------

# s_client OPTION...: sends what it reads, and reads to the end that the server makes
s_client()
{
    openssl s_client -tls1_3 -connect "127.0.0.1:$port" -servername localhost -verify_hostname localhost \
        -CAfile ca.pem -verify_return_error -ign_eof "$@" >"$work/page" 2>"$work/err.log" || fail "s_client $* ended with $?"
}

# A server that keeps its sessions gives each of them out once.
resume()
{
    for suite in TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256; do
        s_client -ciphersuites $suite -sess_out "$work/session" <"$work/request"
        expect page '<td>full</td>' '^HTTP/1.1 200 '
        s_client -ciphersuites $suite -sess_in "$work/session" -sess_out "$work/session" <"$work/request"
        expect page '<td>resumed</td>' "^Reused, TLSv1.3, Cipher is $suite"
        s_client -ciphersuites $suite -sess_in "$work/session" -groups X448:P-256 <"$work/request"
        expect page '<td>resumed</td>' '<td>secp256r1</td>'
        s_client -ciphersuites $suite -sess_in "$work/session" <"$work/request"
        expect page "<td>$1</td>"
    done
}
start_galvan kept --cert p256.pem --key p256.key
resume full
stop "$pid"
start_galvan sealed --cert p256.pem --key p256.key --tickets
resume resumed
stop "$pid"
start_galvan again --cert p256.pem --key p256.key --tickets
s_client -sess_in "$work/session" <"$work/request"
expect page '<td>full</td>' # a ticket of somebody else is no error
stop "$pid"
start_galvan mutual --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
s_client -cert client.pem -key client.key -sess_out "$work/session" <"$work/request"
expect page '<td>full</td>' 'CN=client'
s_client -sess_in "$work/session" <"$work/request"
expect page '<td>resumed</td>' 'CN=client'
stop "$pid"
passed "our server: each suite, HelloRetryRequest, client certificates; kept and sealed"

start_galvan early --cert p256.pem --key p256.key --early-data 1000
s_client -sess_out "$work/session" <"$work/request"
cp "$work/session" "$work/used"
s_client -sess_in "$work/session" -sess_out "$work/session" -early_data "$work/early" </dev/null
expect page '<td>resumed</td>' '<td>accepted</td>' 'Early data was accepted'
s_client -sess_in "$work/used" -early_data "$work/early" <"$work/request"
expect page '<td>full</td>' '<td>rejected</td>' 'Early data was rejected'
s_client -sess_in "$work/session" -groups X448:P-256 -early_data "$work/early" <"$work/request"
expect page '<td>resumed</td>' '<td>rejected</td>' 'Early data was rejected'
s_client -sess_out "$work/session" <"$work/request"
{
    printf 'GET / HTTP/1.1\r\n'
    od -An -v -tx1 -N 300 /dev/urandom | sed 's/^ */X: /; s/$/\r/'
    printf '\r\n'
} | head -c 999 >"$work/part" # and the rest is sent as other data
{ cat "$work/part"; printf '\r\n\r\n'; } >"$work/whole"
tail -c +1000 "$work/whole" | s_client -sess_in "$work/session" -early_data "$work/part"
expect page '^HTTP/1.1 200 ' '<td>accepted</td>' 'Early data was accepted'
stop "$pid"
passed "our server: early data, whole and in part, repeated, behind a HelloRetryRequest"

# ---- our client ---------------------------------------------------------------------------------

s_server()
{
    start s_server openssl s_server -tls1_3 -accept "127.0.0.1:$port" -key p256.key -cert p256.pem "$@"
}

client()
{
    "$galvan" client --ca ca.pem --http / --json "$@" "localhost:$port"
}

for suite in TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256; do
    for groups in X25519 P-384; do
        start_peer s_server -www -ciphersuites $suite -groups $groups
        expect_status 0 client --reconnect 3 --output "$work/page"
        [ "$(grep -c "^Reused, TLSv1.3, Cipher is $suite" "$work/page")" = 3 ] || fail "$suite, $groups: not resumed thrice"
        [ "$(grep -c "\"handshake\":\"resumed\".*\"verified\":true" "$work/out.log")" = 3 ] || fail "$suite, $groups: not resumed"
        stop "$pid"
    done
done
start_peer s_server -www -no_ticket # the sessions are the server's, and not in the tickets
expect_status 0 client --reconnect 1
expect out.log '"handshake":"resumed"'
stop "$pid"
start_peer s_server -www -num_tickets 0
expect_status 0 client --reconnect 1
! grep -q resumed "$work/out.log" || fail "resumed without a ticket"
stop "$pid"
start_peer s_server -www -Verify 2 -verify_return_error -CAfile ca.pem
expect_status 0 client --cert client.pem --key client.key --reconnect 1
expect out.log '"handshake":"resumed"'
stop "$pid"
passed "our client: each suite, HelloRetryRequest, client certificates"

s_server_early()
{
    start_reading s_server openssl s_server -tls1_3 -accept "127.0.0.1:$port" -key p256.key -cert p256.pem -early_data "$@"
}

# requested N OPTION...: three requests, each answered when it has come
requested()
{
    hold typed
    start_peer s_server_early "$@"
    server=$pid
    "$galvan" client --ca ca.pem --http / --json --reconnect 2 --early-data "localhost:$port" >"$work/out.log" 2>"$work/err.log" 3>&- &
    client=$!
    pids="$pids $client"
    for i in 1 2 3; do
        await_count s_server.log '^GET / HTTP/1.1' "$i"
        printf 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' >&3
        await_count out.log '"http_status":200' "$i"
    done
    wait "$client" || fail "the client ended with $?"
    stop "$server"
    let_go
}
requested
[ "$(grep -c '"handshake":"resumed".*"early_data":"accepted"' "$work/out.log")" = 2 ] || fail "not twice as early data"
[ "$(grep -c '^Early data received:' "$work/s_server.log")" = 2 ] || fail "the server did not see it as early data"
requested -groups P-384
[ "$(grep -c '"early_data":"rejected"' "$work/out.log")" = 2 ] || fail "not twice rejected"
[ "$(grep -c '^GET / HTTP/1.1' "$work/s_server.log")" = 3 ] || fail "not sent again once"
requested -max_early_data 20
[ "$(grep -c '"early_data":"accepted"' "$work/out.log")" = 2 ] || fail "a part of the request is not sent early"
passed "our client: early data, whole and in part, and rejected"
