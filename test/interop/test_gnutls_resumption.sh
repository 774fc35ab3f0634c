#!/bin/sh
# Are sessions of TLS 1.3 resumed with GnuTLS in both roles, with client certificates too, and is
# early data (0-RTT) taken?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need gnutls-cli gnutls-serv
cd "$certs"
tls13=NORMAL:-VERS-ALL:+VERS-TLS1.3
request='GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

# ---- our server ---------------------------------------------------------------------------------

# resume LINES OPTION...: two connections, the second one resumed; it sends LINES and its input stays open until it
# has ended, which it does when the server closes
resume()
{
    lines=$1
    shift
    rm -f "$work/ended"
    # shellcheck disable=SC2059
    { printf "$lines"; until_true 10 test -e "$work/ended" || :; } | {
        status=0
        gnutls-cli --resume --waitresumption --x509cafile ca.pem --port "$port" "$@" localhost >"$work/page" 2>"$work/err.log" || status=$?
        : >"$work/ended"
        [ $status = 0 ] || fail "gnutls-cli $* ended with $status"
    }
    expect page 'This is a resumed session' '^HTTP/1.1 200 ' '<td>TLS 1.3</td>' '<td>resumed</td>'
}

for how in kept sealed; do
    case $how in
    kept) start_galvan kept --cert p256.pem --key p256.key ;;
    sealed) start_galvan sealed --cert p256.pem --key p256.key --tickets ;;
    esac
    for cipher in AES-256-GCM AES-128-GCM CHACHA20-POLY1305; do
        resume "$request" --priority "$tls13:-CIPHER-ALL:+$cipher"
    done
    resume "$request" --single-key-share --priority "$tls13:-GROUP-ALL:+GROUP-X448:+GROUP-X25519"
    stop "$pid"
done
start_galvan mutual --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
resume "$request" --priority "$tls13" --x509certfile client.pem --x509keyfile client.key
expect page 'CN=client'
stop "$pid"
passed "our server: each suite, HelloRetryRequest, client certificates; kept and sealed"

# shellcheck disable=SC2059
printf "$request" >"$work/request"
start_galvan early --cert p256.pem --key p256.key --early-data 1000
resume '' --priority "$tls13" --earlydata "$work/request"
expect page '<td>accepted</td>'
await early.log 'TLS 1.3 resumed .*early data accepted'
stop "$pid"
passed "our server: early data"

# ---- our client ---------------------------------------------------------------------------------

gnutls_serv()
{
    start gnutls-serv gnutls-serv --http --port "$port" --x509certfile p256.pem --x509keyfile p256.key "$@"
}

# asked OPTION...: three connections, two of them resumed
asked()
{
    expect_status 0 "$galvan" client --ca ca.pem --http / --json --reconnect 2 --output "$work/page" "$@" "localhost:$port"
    [ "$(grep -c '"handshake":"resumed".*"verified":true.*"http_status":200' "$work/out.log")" = 2 ] || fail "not resumed twice"
}

for cipher in AES-256-GCM AES-128-GCM CHACHA20-POLY1305; do
    start_peer gnutls_serv --priority "$tls13:-CIPHER-ALL:+$cipher"
    asked
    expect page "<TD>$cipher</TD>"
    stop "$pid"
done
start_peer gnutls_serv --priority "$tls13:-GROUP-ALL:+GROUP-SECP384R1"
asked
stop "$pid"
start_peer gnutls_serv --priority "$tls13" --x509cafile ca.pem --require-client-cert --verify-client-cert
asked --cert client.pem --key client.key
stop "$pid"
passed "our client: each suite, HelloRetryRequest, client certificates"

# It takes what comes early for no request, and answers what follows alone. Behind a HelloRetryRequest it
# (3.7.9) answers early data with bad_record_mac, whose ever it is.
start_peer gnutls_serv --priority "$tls13" --earlydata --maxearlydata 4
expect_status 1 "$galvan" client --ca ca.pem --http / --json --reconnect 1 --early-data "localhost:$port"
expect out.log '"handshake":"resumed".*"early_data":"accepted"'
expect err.log 'what the server answered is not HTTP/1.1' # for it saw no GET
stop "$pid"
passed "our client: early data"
