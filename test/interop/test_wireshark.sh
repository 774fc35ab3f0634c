#!/bin/sh
# Does Wireshark (tshark) decrypt recorded connections with the key log of either side: both versions, each
# suite, sessions that are resumed, early data, and new keys on the way?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need tshark openssl
cd "$certs"
compile pcap_relay

# start_relay NAME: records into $work/NAME.pcap what goes through it to $port, which is then its own
start_relay()
{
    capture=$work/$1.pcap
    start "relay-$1" "$work/pcap_relay" "$capture" "$port"
    await "relay-$1.log" listening
    port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$log")
}

# decrypt KEYLOG: who asks for which path in the capture, and who answers with which status, into $work/seen
decrypt()
{
    HOME=$work tshark -r "$capture" -o "tls.keylog_file:$1" -Y http -T fields -E 'separator= ' -e ip.src -e http.request.uri -e http.response.code \
        >"$work/seen" 2>"$work/tshark.log" || fail "tshark ended with $?"
}

# shows COUNT REGEX: so many lines of $work/seen
shows()
{
    [ "$(grep -c -e "$2" "$work/seen")" = "$1" ] || fail "not $1 times: $2: $(cat "$work/seen")"
}

# recorded NAME OPTION-OF-THE-SERVER...: a server with a key log behind a relay
recorded()
{
    name=$1
    shift
    start_galvan "$name" --cert p256.pem --key p256.key --keylog "$work/$name-server.keys" "$@"
    server=$pid
    start_relay "$name"
    relay=$pid
}

stop_both()
{
    stop "$relay"
    stop "$server"
}

recorded page --early-data 1000
for version in 12 13; do
    expect_status 0 "$galvan" client --ca ca.pem --http /the-path --keylog "$work/page-client.keys" --reconnect 2 --early-data \
        --tls$version "localhost:$port"
done
stop_both
await page.log 'TLS 1.3 resumed .* early data accepted' 'TLS 1.2 resumed '
for side in client server; do
    decrypt "$work/page-$side.keys"
    shows 6 '^10.0.0.1 /the-path'
    shows 6 '^10.0.0.2 .*404$'
done
decrypt /dev/null
shows 0 .
passed "the requests and the answers of full and resumed connections, in both versions; early data"

recorded suites
for suite in TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256 \
    ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-CHACHA20-POLY1305; do
    case $suite in
    TLS*) option=-ciphersuites only=-tls1_3 ;;
    *) option=-cipher only=-tls1_2 ;;
    esac
    printf 'GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n' $suite |
        openssl s_client $only $option $suite -connect "127.0.0.1:$port" -CAfile ca.pem -ign_eof >"$work/out.log" 2>"$work/err.log" ||
        fail "s_client ended with $?"
done
stop_both
decrypt "$work/suites-server.keys"
shows 3 '^10.0.0.1 /TLS_'
shows 3 '^10.0.0.1 /ECDHE-ECDSA'
shows 6 '^10.0.0.2 .*404$'
passed "each suite, with another client"

recorded echo --echo --rekey 5000 --alpn http/1.1
for i in 1 2 3 4 5 6 7 8; do
    printf 'GET /number-%d HTTP/1.1\r\nHost: localhost\r\nX: %05000d\r\n\r\n' $i 0
done | "$galvan" client --ca ca.pem --alpn http/1.1 --rekey 7000 "localhost:$port" >"$work/out.log" 2>"$work/err.log" || fail "the client ended with $?"
stop_both
decrypt "$work/echo-server.keys"
shows 1 '^10.0.0.1 .*/number-8'
shows 1 '^10.0.0.2 .*/number-8'
passed "after new keys in both directions"
