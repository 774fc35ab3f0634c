#!/bin/sh
# Does curl fetch from our server over TLS 1.3: each suite and group, each kind of key, many at once,
# with a certificate of its own, and does it tell why where it must not?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need curl
cd "$certs"

fetch()
{
    curl --silent --show-error --noproxy '*' --max-time 20 --tlsv1.3 --cacert ca.pem "$@" "https://localhost:$port/" \
        >"$work/page" 2>"$work/err.log"
}

# refused STATUS OPTION...: curl ends with that status
refused()
{
    want=$1
    shift
    status=0
    fetch "$@" || status=$?
    [ $status = "$want" ] || fail "curl $* ended with $status, not $want"
}

start_galvan server --cert p256.pem --key p256.key
server=$pid
fetch --verbose || fail "curl ended with $?"
expect page '<h1>This connection</h1>' '<td>TLS 1.3</td>' '<td>http/1.1</td>' '<td>localhost</td>' '</table>'
expect err.log 'ALPN: server accepted http/1.1\|ALPN, server accepted to use http/1.1'
! grep -q 'unexpected eof' "$work/err.log" || fail "curl misses a close_notify"
fetch --head || fail "curl --head ended with $?"
expect page '^HTTP/1.1 200 OK' '^Content-Length: [0-9]'
fetch --http1.0 || fail "curl --http1.0 ended with $?"
fetch --write-out '%{http_code} %{ssl_verify_result}' --output /dev/null || fail "curl ended with $?"
expect page '^200 0$'
passed "a page"

# Not every curl has every option: its TLS library may be another than OpenSSL.
suite_and_group()
{
    fetch --tls13-ciphers "$2" --curves "$5" || fail "curl with $2 and $5 ended with $?"
    expect page "<td>$1</td>" "<td>$4</td>"
}
if curl --version | grep -q OpenSSL; then
    each_choice suite_and_group
    passed "each suite with each group"
fi

urls=$(for _ in 1 2 3 4 5; do printf 'https://localhost:%s/[0-9] ' "$port"; done)
# shellcheck disable=SC2086
curl --silent --noproxy '*' --max-time 30 --parallel --parallel-immediate --parallel-max 50 --cacert ca.pem \
    --write-out '%{http_code}\n' --output /dev/null $urls >"$work/page" 2>"$work/err.log" || fail "curl --parallel ended with $?"
[ "$(grep -c '^404$' "$work/page")" = 50 ] || fail "not all of 50 were answered"
passed "fifty at once"

refused 60 --cacert other-ca.pem
await server.log 'unknown_ca (48)'
status=0
curl --silent --noproxy '*' --cacert ca.pem --resolve "example.org:$port:127.0.0.1" "https://example.org:$port/" >"$work/page" || status=$?
[ $status = 60 ] || fail "curl takes localhost for example.org: $status"
stop "$server"
start_galvan server --cert expired.pem --key expired.key
refused 60
await server.log 'certificate_expired (45)'
stop "$pid"
passed "certificates that curl must not believe"

for key in p384 p521 ed25519 rsa2048 chain; do
    start_galvan server --cert $key.pem --key $key.key
    fetch || fail "$key: curl ended with $?"
    stop "$pid"
done
start_galvan server --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
fetch --cert client.pem --key client.key || fail "curl with a certificate ended with $?"
expect page 'CN=client'
! fetch || fail "curl without a certificate was served"
await server.log 'certificate_required (116)'
stop "$pid"
passed "each kind of key, a chain, client certificates"
