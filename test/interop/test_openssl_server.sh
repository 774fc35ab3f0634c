#!/bin/sh
# Does our client talk TLS 1.3 with `openssl s_server`: each suite and group, each kind of key, a
# HelloRetryRequest, new keys from either side, either side closing first, 10 MiB each way?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl
cd "$certs"

s_server()
{
    start s_server openssl s_server -tls1_3 -accept "127.0.0.1:$port" -key p256.key -cert p256.pem "$@"
}

# What it reads from the pipe that is held it sends; commands are single letters at a line's start.
s_server_reading()
{
    start_reading s_server openssl s_server -tls1_3 -accept "127.0.0.1:$port" -key p256.key -cert p256.pem "$@"
}

client()
{
    "$galvan" client --ca ca.pem "$@" "localhost:$port"
}

# ---- what is agreed on ------------------------------------------------------------------------

suite_and_group()
{
    start_peer s_server -www -ciphersuites "$2" -groups "$5"
    expect_status 0 client --json --http / --output "$work/page"
    expect out.log '"version":"TLS 1.3"' "\"cipher_suite\":\"$1\"" "\"group\":\"$4\"" '"verified":true' '"http_status":200'
    expect page "TLSv1.3, Cipher is $2"
    # A server that lacks the group of our first key share asks for another hello.
    case $4 in
    X25519) expect out.log '"handshake":"full"' ;;
    *) expect out.log '"handshake":"full with hello retry request"' ;;
    esac
    stop "$pid"
}
each_choice suite_and_group
passed "each suite with each group; HelloRetryRequest"

for name in p384 p521 ed25519 rsa2048 rsa3072; do
    start_peer s_server -www -cert $name.pem -key $name.key
    expect_status 0 client --json --http /
    expect out.log "\"signature_scheme\":\"$(scheme_of $name)\""
    stop "$pid"
done
start_peer s_server -www -cert chain.pem -key chain.key -cert_chain intermediate.pem
expect_status 0 client --json --http /
stop "$pid"
passed "each kind of key, and a chain"

start_peer s_server -www -alpn 'other,http/1.1'
expect_status 0 client --alpn h2,http/1.1 --http /
expect err.log 'ALPN  *http/1.1'
stop "$pid"
start_peer s_server -www -Verify 2 -verify_return_error -CAfile ca.pem
for name in client client-ed25519 client-rsa2048; do
    expect_status 0 client --cert $name.pem --key $name.key --http /
done
expect_status 1 client --http /
expect err.log 'the server refused, with the alert certificate_required' 'try  .*--cert'
expect_status 1 client --cert client-unknown.pem --key client-unknown.key --http /
expect err.log 'the server refused, with the alert unknown_ca'
stop "$pid"
passed "ALPN and client certificates"

start_peer s_server -www -cert unknown.pem -key unknown.key
expect_status 1 client --http /
expect err.log 'no chain leads' 'we sent unknown_ca'
await s_server.log 'alert unknown ca'
stop "$pid"
start_peer s_server -www -groups X448
expect_status 1 client --http /
expect err.log 'the server refused, with the alert handshake_failure' 'try  '
stop "$pid"
passed "what does not fit fails at both ends, with an alert"

# ---- new keys, and who closes -----------------------------------------------------------------

hold typed
start_peer s_server_reading -msg
server=$pid
mkfifo "$work/to-client"
"$galvan" client --ca ca.pem --rekey 4 "localhost:$port" <"$work/to-client" >"$work/client.log" 2>"$work/err.log" 3>&- &
client=$!
pids="$pids $client"
exec 4>"$work/to-client"
echo from-client-1 >&4
await s_server.log '^from-client-1' '<<< TLS 1.3, Handshake .*KeyUpdate'
say from-server-1 # behind the answer to ours
await client.log '^from-server-1'
await_count s_server.log '>>> TLS 1.3, Handshake .*KeyUpdate' 1
say K # asks for ours as well
await_count s_server.log '>>> TLS 1.3, Handshake .*KeyUpdate' 2
say from-server-2
await client.log '^from-server-2'
echo from-client-2 >&4
await s_server.log '^from-client-2'
say k # changes its own alone
await_count s_server.log '>>> TLS 1.3, Handshake .*KeyUpdate' 3
say from-server-3
await client.log '^from-server-3'
echo from-client-3 >&4
await s_server.log '^from-client-3'
exec 4>&-
wait "$client" || fail "the client ended with $?"
expect err.log 'closed in good order'
stop "$server"
passed "new keys from either side; the client closes first"

# Its status page has no length: that it is whole is told by a close_notify alone.
start_peer s_server -www
expect_status 0 client --http /
expect out.log '^HTTP/1.0 200 ' '</HTML>'
stop "$pid"
passed "the server closes first"

start_peer s_server_reading
server=$pid
start client "$galvan" client --ca ca.pem --keep-open "localhost:$port"
client=$pid
await s_server.log 'CIPHER is'
say q # closes the socket without a word
status=0
wait "$client" || status=$?
[ $status = 1 ] || fail "a stream that is cut ends the client with $status"
expect client.log 'without a close_notify'
stop "$server"
passed "a stream that is cut is told from one that ends"

# A response that says how long it is is whole or not, whatever the end of the stream says.
# answered LENGTH: s_server sends eight bytes under that Content-Length, then drops the connection
answered()
{
    hold typed
    start_peer s_server_reading
    server=$pid
    printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\neight by\n' "$1" >&3
    let_go
    status=0
    client --http / >"$work/out.log" 2>"$work/err.log" || status=$?
    expect out.log '^eight by'
    stop "$server"
}
answered 8
[ $status = 0 ] || fail "a whole response that is cut behind its end ends the client with $status"
answered 80
[ $status = 1 ] || fail "a response that is cut ends the client with $status"
expect err.log 'cut short\|the connection .* broke'
passed "the length of a response"

# ---- 10 MiB each way --------------------------------------------------------------------------

big_text
hold typed
start_peer s_server_reading -quiet -naccept 1
server=$pid
cat "$work/big" >&3 3>&3 &
pids="$pids $!"
{
    cat "$work/big"
    until_true 20 has_size "$work/back" 10485760 || :
} 3>&- | client --output "$work/back" 2>"$work/err.log" || fail "10 MiB: the client ended with $?"
until_true 10 has_ended "$server" || fail "the server goes on after our close_notify"
same "$work/big" "$work/back"
same "$work/big" "$work/s_server.log"
let_go
passed "10 MiB each way; the client closes first"
