#!/bin/sh
# Does our client talk TLS 1.3 with gnutls-serv: each suite and group, each kind of key, a
# HelloRetryRequest, our new keys, either side closing first, 10 MiB there and back?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need gnutls-serv
cd "$certs"
tls13=NORMAL:-VERS-ALL:+VERS-TLS1.3

# gnutls_serv NAME OPTION...: a server with the certificate and key of that name
gnutls_serv()
{
    key=$1
    shift
    start gnutls-serv gnutls-serv --port "$port" --x509certfile "$key.pem" --x509keyfile "$key.key" "$@"
}

client()
{
    "$galvan" client --ca ca.pem "$@" "127.0.0.1:$port"
}

suite_and_group()
{
    start_peer gnutls_serv p256 --http --priority "$tls13:-CIPHER-ALL:+$3:-GROUP-ALL:+$6"
    expect_status 0 client --json --http / --output "$work/page"
    expect out.log '"version":"TLS 1.3"' "\"cipher_suite\":\"$1\"" "\"group\":\"$4\"" '"verified":true' '"http_status":200'
    # Its page has no length: that it is whole is told by a close_notify alone.
    expect page "<TD>$3</TD>" '</HTML>'
    case $4 in
    X25519) expect out.log '"handshake":"full"' ;;
    *) expect out.log '"handshake":"full with hello retry request"' ;;
    esac
    stop "$pid"
}
each_choice suite_and_group
passed "each suite with each group; HelloRetryRequest; the server closes first"

for key in p384 p521 ed25519 rsa2048 chain; do
    start_peer gnutls_serv $key --http --priority "$tls13"
    expect_status 0 client --json --http /
    stop "$pid"
done
start_peer gnutls_serv p256 --http --priority "$tls13" --alpn http/1.1 --alpn other
expect_status 0 client --alpn h2,http/1.1 --http /
expect err.log 'ALPN  *http/1.1'
stop "$pid"
start_peer gnutls_serv p256 --http --priority "$tls13" --x509cafile ca.pem --require-client-cert --verify-client-cert
for key in client client-ed25519 client-rsa2048; do
    expect_status 0 client --cert $key.pem --key $key.key --http /
done
expect_status 1 client --http /
expect err.log 'the server refused, with the alert certificate_required' 'try  .*--cert'
stop "$pid"
passed "each kind of key, a chain, ALPN, client certificates"

start_peer gnutls_serv unknown --http --priority "$tls13"
expect_status 1 client --http /
expect err.log 'no chain leads' 'we sent unknown_ca'
await gnutls-serv.log 'Fatal alert .*48.*Unknown CA\|CA is unknown\|A TLS fatal alert has been received'
stop "$pid"
start_peer gnutls_serv p256 --http --priority "$tls13:-GROUP-ALL:+GROUP-X448"
expect_status 1 client --http /
expect err.log 'the server refused, with the alert handshake_failure'
stop "$pid"
passed "what does not fit fails at both ends, with an alert"

# GnuTLS takes eight new keys in a second, and no more.
big_text
start_peer gnutls_serv p256 --echo --crlf --priority "$tls13"
{
    cat "$work/big"
    until_true 20 has_size "$work/back" 10485760 || :
} | client --rekey 2000000 --output "$work/back" 2>"$work/err.log" || fail "10 MiB: the client ended with $?"
same "$work/big" "$work/back"
expect err.log 'closed in good order'
stop "$pid"
passed "10 MiB there and back, with our new keys on the way; the client closes first"
