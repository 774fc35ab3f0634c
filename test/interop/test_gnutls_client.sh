#!/bin/sh
# Does our server talk TLS 1.3 with gnutls-cli: each suite and group, each kind of key, a
# HelloRetryRequest, new keys from either side, either side closing first, a MiB there and back?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need gnutls-cli
cd "$certs"
tls13=NORMAL:-VERS-ALL:+VERS-TLS1.3

gnutls_cli()
{
    gnutls-cli --x509cafile ca.pem --port "$port" "$@" localhost
}

# Its input stays open until it has ended, which it does when the server closes.
fetch()
{
    rm -f "$work/ended"
    { printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'; until_true 10 test -e "$work/ended" || :; } | {
        status=0
        gnutls_cli "$@" >"$work/page" 2>"$work/err.log" || status=$?
        : >"$work/ended"
        exit $status
    }
}

start_galvan server --cert p256.pem --key p256.key
server=$pid
suite_and_group()
{
    fetch --priority "$tls13:-CIPHER-ALL:+$3:-GROUP-ALL:+$6" || fail "gnutls-cli with $3 and $6 ended with $?"
    expect page '^- Status: The certificate is trusted' '^HTTP/1.1 200 ' "<td>$1</td>" "<td>$4</td>" '<td>full</td>' '</table>'
    # It sends one share, of the first group, which we lack: it is asked for another hello.
    fetch --single-key-share --priority "$tls13:-CIPHER-ALL:+$3:-GROUP-ALL:+GROUP-X448:+$6" ||
        fail "gnutls-cli with $3 and $6 behind X448 ended with $?"
    expect page '^HTTP/1.1 200 ' "<td>$1</td>" "<td>$4</td>" '<td>full with hello retry request</td>'
}
each_choice suite_and_group
passed "each suite with each group; HelloRetryRequest; the server closes first"

! fetch --priority "$tls13:-GROUP-ALL:+GROUP-X448" || fail "there was a group in common"
await server.log 'share no key exchange group.*handshake_failure (40)'
! gnutls-cli --x509cafile other-ca.pem --port "$port" localhost >"$work/page" 2>&1 </dev/null || fail "gnutls-cli believed it"
await server.log 'TLS 1.3.*failed: .*\(alert\|close_notify\)'
fetch --priority "$tls13" --alpn h2 --alpn http/1.1 || fail "ALPN: gnutls-cli ended with $?"
expect page '<td>http/1.1</td>'
stop "$server"
for key in p384 p521 ed25519 rsa2048 chain; do
    start_galvan server --cert $key.pem --key $key.key
    fetch --priority "$tls13" || fail "$key: gnutls-cli ended with $?"
    stop "$pid"
done
start_galvan server --cert p256.pem --key p256.key --client-ca ca.pem --require-client-cert
for key in client client-ed25519 client-rsa2048; do
    fetch --priority "$tls13" --x509certfile $key.pem --x509keyfile $key.key || fail "$key: gnutls-cli ended with $?"
    expect page 'CN=client'
done
stop "$pid"
passed "each kind of key, a chain, ALPN, client certificates, and what does not fit"

start_galvan echo --cert p256.pem --key p256.key --echo --rekey 12
server=$pid
hold typed
start_reading gnutls-cli gnutls-cli --inline-commands --x509cafile ca.pem --port "$port" --priority "$tls13" localhost
client=$pid
say first-line
await gnutls-cli.log '^first-line'
say ^rekey^
await gnutls-cli.log 'Rekey was completed'
say second-line # behind the answer to ours
await gnutls-cli.log '^second-line'
say ^rekey^
await_count gnutls-cli.log 'Rekey was completed' 2
say third-line
await gnutls-cli.log '^third-line'
let_go
wait "$client" || fail "gnutls-cli ended with $?"
await echo.log '^127.*echo 34 bytes, TLS 1.3'
! grep -q 'failed' "$work/echo.log" || fail "the client's close_notify was not seen"
stop "$server"
passed "new keys from either side; the client closes first"

# gnutls-cli moves some hundred KiB in a second, whoever it talks to: one MiB. What came back stands behind
# what it says itself, which ends with this line and an empty one.
size=1048576
echoed()
{
    sed '1,/^- Simple Client Mode:/d' "$work/back" | tail -n +2
}

all_is_back()
{
    has_size "$work/back" $size && [ "$(echoed | wc -c)" -ge $size ]
}
big_text
head -c $size "$work/big" >"$work/some"
start_galvan echo --cert p256.pem --key p256.key --echo --rekey 200000
{
    cat "$work/some"
    until_true 60 all_is_back || :
} | gnutls_cli --priority "$tls13" >"$work/back" 2>"$work/err.log" || fail "1 MiB: gnutls-cli ended with $?"
echoed | head -c $size >"$work/echoed"
same "$work/some" "$work/echoed"
passed "1 MiB there and back, with our new keys on the way"
