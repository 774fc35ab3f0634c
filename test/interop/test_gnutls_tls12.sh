#!/bin/sh
# Does TLS 1.2 work with GnuTLS in both roles: each suite with each group, resumed by session id and by
# ticket, and client certificates?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need gnutls-cli gnutls-serv
cd "$certs"
tls12=NORMAL:-VERS-ALL:+VERS-TLS1.2

# only SUITE GROUP: the priorities for one of each, under GnuTLS's names
only()
{
    echo "$tls12:-KX-ALL:-CIPHER-ALL:+$1:-GROUP-ALL:+$2"
}

# ---- our server ---------------------------------------------------------------------------------

# Its input stays open until it has ended, which it does when the server closes.
fetch()
{
    rm -f "$work/ended"
    { printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'; until_true 10 test -e "$work/ended" || :; } | {
        status=0
        gnutls-cli --x509cafile ca.pem --port "$port" "$@" localhost >"$work/page" 2>"$work/err.log" || status=$?
        : >"$work/ended"
        [ $status = 0 ] || fail "gnutls-cli $* ended with $status"
    }
}

# Two connections, the second one resumed and the one that asks for the page.
served()
{
    fetch --resume --priority "$(only "$3" "$7")"
    expect page '^- Status: The certificate is trusted' 'This is a resumed session' '^HTTP/1.1 200 ' '<td>TLS 1.2</td>' '<td>resumed</td>' "<td>$1</td>"
    await server.log "TLS 1.2 full $1 $5 "
}

start_server()
{
    start_galvan server --cert p384.pem --key p384.key --cert p256.pem --key p256.key --cert rsa2048.pem --key rsa2048.key "$@"
}
start_server
each_choice12 served
stop "$pid"
passed "our server: each suite with each group, resumed by session id"
start_server --tickets
each_choice12 with_one_group served
fetch --resume --priority "$tls12:%NO_TICKETS"
expect page '<td>resumed</td>' # who takes no ticket is given a session id
stop "$pid"
passed "our server: resumed by ticket"

start_galvan server --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
for key in client client-ed25519 client-rsa2048; do
    fetch --resume --priority "$tls12" --x509certfile $key.pem --x509keyfile $key.key
    expect page 'CN=client' '<td>resumed</td>'
done
stop "$pid"
passed "our server: client certificates, also of resumed sessions"

# ---- our client ---------------------------------------------------------------------------------

gnutls_serv()
{
    start gnutls-serv gnutls-serv --http --port "$port" --x509certfile p384.pem --x509keyfile p384.key \
        --x509certfile p256.pem --x509keyfile p256.key --x509certfile rsa2048.pem --x509keyfile rsa2048.key "$@"
}

client()
{
    "$galvan" client --ca ca.pem "$@" "localhost:$port"
}

asked()
{
    # shellcheck disable=SC2086
    start_peer gnutls_serv $tickets --priority "$(only "$3" "$7")"
    expect_status 0 client --json --http / --reconnect 1 --output "$work/page"
    expect out.log "\"version\":\"TLS 1.2\",\"handshake\":\"full\",\"cipher_suite\":\"$1\",\"group\":\"$5\".*\"verified\":true.*\"http_status\":200" \
        "\"version\":\"TLS 1.2\",\"handshake\":\"resumed\",\"cipher_suite\":\"$1\".*\"verified\":true.*\"http_status\":200"
    stop "$pid"
}
tickets=
each_choice12 asked
passed "our client: each suite with each group, resumed by ticket"
tickets=--noticket
each_choice12 with_one_group asked
passed "our client: resumed by session id"

start_peer gnutls_serv --nodb --noticket --priority "$tls12"
expect_status 0 client --json --http / --reconnect 1
! grep -q resumed "$work/out.log" || fail "a session was resumed that nobody kept"
stop "$pid"
start_peer gnutls_serv --priority "$tls12" --x509cafile ca.pem --require-client-cert --verify-client-cert
for key in client client-ed25519 client-rsa2048; do
    expect_status 0 client --json --cert $key.pem --key $key.key --http / --reconnect 1
    expect out.log '"handshake":"full"' '"handshake":"resumed"'
done
expect_status 1 client --http /
expect err.log 'the server refused, with the alert'
stop "$pid"
passed "our client: certificates of its own, also of resumed sessions"
