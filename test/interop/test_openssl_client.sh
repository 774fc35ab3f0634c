#!/bin/sh
# Does our server talk TLS 1.3 with `openssl s_client`: each suite and group, each kind of key, a
# HelloRetryRequest, new keys from either side, either side closing first, 10 MiB there and back?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl
cd "$certs"

# Reads to the end that the server makes, and ends with 0 only if it could verify everything.
fetch()
{
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
        openssl s_client -tls1_3 -connect "127.0.0.1:$port" -servername localhost -verify_hostname localhost \
            -CAfile ca.pem -verify_return_error -brief -ign_eof "$@" >"$work/page" 2>"$work/err.log"
}

# What it reads from the pipe that is held it sends; commands are single letters at a line's start.
s_client_reading()
{
    start_reading s_client openssl s_client -tls1_3 -connect "127.0.0.1:$port" -servername localhost \
        -CAfile ca.pem -verify_return_error "$@"
}

# ---- what is agreed on ------------------------------------------------------------------------

start_galvan server --cert p256.pem --key p256.key
server=$pid
suite_and_group()
{
    fetch -ciphersuites "$2" -groups "$5" || fail "s_client with $2 and $5 ended with $?"
    expect page '^HTTP/1.1 200 ' "<td>$1</td>" "<td>$4</td>" '<td>full</td>' '</table>'
    expect err.log "Ciphersuite: $2" 'Verification: OK'
    # A client whose first key share is of a group that we lack is asked for another hello.
    fetch -ciphersuites "$2" -groups "X448:$5" || fail "s_client with $2 and $5 behind X448 ended with $?"
    expect page '^HTTP/1.1 200 ' "<td>$1</td>" "<td>$4</td>" '<td>full with hello retry request</td>'
}
each_choice suite_and_group
passed "each suite with each group; HelloRetryRequest; the server closes first"

! fetch -groups X448 || fail "there was a group in common"
await server.log 'share no key exchange group.*handshake_failure (40)'
expect err.log 'alert handshake failure'
! fetch -CAfile other-ca.pem || fail "s_client believed it"
await server.log 'unknown_ca (48); try: the client does not trust'
! fetch -alpn no-such-protocol || fail "there was a protocol in common"
await server.log 'share no application protocol.*no_application_protocol (120)'
expect err.log 'alert no application protocol'
fetch -alpn h2,http/1.1 || fail "ALPN: s_client ended with $?"
expect page '<td>http/1.1</td>'
stop "$server"
passed "ALPN; what does not fit fails at both ends, with an alert"

for key in p384 p521 ed25519 rsa2048 rsa3072; do
    start_galvan server --cert $key.pem --key $key.key
    fetch || fail "$key: s_client ended with $?"
    stop "$pid"
done
start_galvan server --cert chain.pem --key chain.key
fetch || fail "chain: s_client ended with $?"
stop "$pid"
start_galvan server --cert p256.pem --key p256.key --cert rsa2048.pem --key rsa2048.key
fetch -sigalgs rsa_pss_rsae_sha256 || fail "RSA only: s_client ended with $?"
expect err.log 'ignature type: \(RSA-PSS\|rsa_pss_\)'
fetch -sigalgs ecdsa_secp256r1_sha256 || fail "ECDSA only: s_client ended with $?"
expect err.log 'ignature type: \(ECDSA\|ecdsa_\)'
stop "$pid"
passed "each kind of key, a chain, a choice of keys"

start_galvan server --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
for key in client client-ed25519 client-rsa2048; do
    fetch -cert $key.pem -key $key.key || fail "$key: s_client ended with $?"
    expect page 'CN=client'
done
fetch || : # it may see the page's end before the alert
await server.log 'client sent no certificate.*certificate_required (116)'
! grep -q '^HTTP' "$work/page" || fail "a page was given to a client without certificate"
fetch -cert client-unknown.pem -key client-unknown.key || :
await server.log 'CN=client.*unknown_ca (48)'
stop "$pid"
passed "client certificates"

# ---- new keys, and who closes -----------------------------------------------------------------

start_galvan echo --cert p256.pem --key p256.key --echo --rekey 4
server=$pid
hold typed
s_client_reading -msg
client=$pid
say first-line
await s_client.log '^first-line' '<<< TLS 1.3, Handshake .*KeyUpdate'
say second-line # behind the answer to ours
await s_client.log '^second-line'
await_count s_client.log '>>> TLS 1.3, Handshake .*KeyUpdate' 1
say K # asks for ours as well
await_count s_client.log '>>> TLS 1.3, Handshake .*KeyUpdate' 2
say third-line
await s_client.log '^third-line'
say k # changes its own alone
await_count s_client.log '>>> TLS 1.3, Handshake .*KeyUpdate' 3
say fourth-line
await s_client.log '^fourth-line'
say Q # says close_notify
wait "$client" || fail "s_client ended with $?"
await echo.log '^127.*echo [0-9]* bytes, TLS 1.3'
! grep -q 'failed' "$work/echo.log" || fail "the client's close_notify was not seen"
passed "new keys from either side; the client closes first"

s_client_reading
client=$pid
say from-client
await s_client.log '^from-client'
kill -9 "$client"
await echo.log 'failed: the client left without a close_notify'
wait "$client" 2>/dev/null || :
passed "a client that is cut off is told from one that leaves"

big_text
s_client_reading -quiet -no_ign_eof
client=$pid
cat "$work/big" >&3 3>&3 &
pids="$pids $!"
until_true 20 has_size "$work/s_client.log" 10485760 || fail "only $(wc -c <"$work/s_client.log") bytes came back"
let_go
until_true 10 has_ended "$client" || fail "s_client does not end"
wait "$client" || fail "s_client ended with $?"
same "$work/big" "$work/s_client.log"
stop "$server"
passed "10 MiB there and back, with new keys on the way"
