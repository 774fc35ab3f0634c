#!/bin/sh
# Do certificates go compressed (RFC 8879) between us and OpenSSL 3.5 with zlib, in both roles and both directions,
# and to NSS 3.110's client? And do those that want none get none? The peers are those of the system, or else of
# Debian 13. None of them has brotli.
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl certutil
cd "$certs"
# shellcheck source=test/interop/debian13.sh
. "$here/debian13.sh"

grep -qs 'Requires.private:.*zlib' "$GALVAN_BIN_DIR/galvan.pc" || skip "this build has no zlib"
if openssl s_server -help 2>&1 | grep -q -- -cert_comp && ! openssl list -disabled | grep -q ZLIB &&
    tstclnt 2>&1 | grep -q zlib-certificate-compression; then
    for program in openssl tstclnt; do
        ln -s "$(command -v $program)" "$work/$program"
    done
else
    use_debian13 openssl tstclnt
fi
export OPENSSL_CONF=/dev/null
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' >"$work/request"

# ---- our server ---------------------------------------------------------------------------------

start_galvan server --cert chain.pem --key chain.key --client-ca ca.pem
s_client()
{
    "$work/openssl" s_client -connect "127.0.0.1:$port" -servername localhost -CAfile ca.pem -verify_return_error -ign_eof "$@" \
        <"$work/request" >"$work/page" 2>"$work/err.log" || fail "s_client $* ended with $?"
    expect page '^HTTP/1.1 200 '
}
ours='<th>Our certs</th><td>zlib</td>'
theirs="<th>Peer's certs</th><td>zlib</td>"
for _ in anew kept; do
    s_client
    expect page "$ours"
done
s_client -cert client.pem -key client.key
expect page "$ours" "$theirs" 'CN=client'
s_client -no_rx_cert_comp -cert client.pem -key client.key
expect page "$theirs"
! grep -q "$ours" "$work/page" || fail "compressed for a client that does not want it"
s_client -no_tx_cert_comp -cert client.pem -key client.key
expect page "$ours" 'CN=client'
! grep -q "$theirs" "$work/page" || fail "it sends no compressed certificates"
s_client -tls1_2
! grep -q 'certs</th>' "$work/page" || fail "compressed in TLS 1.2"
mkdir "$work/none"
certutil -N -d "sql:$work/none" --empty-password
certutil -A -d "sql:$work/none" -n ca -t CT,C, -i ca.pem
timeout 10 "$work/tstclnt" -4 -h 127.0.0.1 -a localhost -p "$port" -d "sql:$work/none" -V tls1.3:tls1.3 -A "$work/request" \
    --zlib-certificate-compression </dev/null >"$work/page" 2>"$work/err.log" || fail "tstclnt ended with $?"
expect page '^HTTP/1.1 200 ' "$ours"
stop "$pid"
passed "our server: its chain to OpenSSL, anew and kept, a client's to it, to NSS, and to who wants none"

# ---- our client ---------------------------------------------------------------------------------

s_server()
{
    start s_server "$work/openssl" s_server -www -accept "127.0.0.1:$port" -cert chain.pem -key chain.key -cert_chain chain.pem \
        -CAfile ca.pem "$@"
}
start_peer s_server -cert_comp -Verify 2
expect_status 0 "$galvan" client --ca ca.pem --cert client.pem --key client.key --json --http / "localhost:$port"
expect out.log '"peer_cert_compression":"zlib"' '"own_cert_compression":"zlib"' '"http_status":200'
stop "$pid"
start_peer s_server -no_rx_cert_comp -Verify 2
expect_status 0 "$galvan" client --ca ca.pem --cert client.pem --key client.key --json --http / "localhost:$port"
expect out.log '"http_status":200'
! grep -q 'cert_compression' "$work/out.log" || fail "compressed for a server that does not want it, and did not"
stop "$pid"
passed "our client: OpenSSL's chain, ours to it, and none to who wants none"
