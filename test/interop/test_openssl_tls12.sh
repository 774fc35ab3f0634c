#!/bin/sh
# Does TLS 1.2 work with OpenSSL in both roles: each suite with each group, and resumed by session id
# and by ticket; a session that was changed; each version where both are spoken; a renegotiation, which is refused?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl
cd "$certs"
pairs="--cert p384.pem --key p384.key --cert p256.pem --key p256.key --cert rsa2048.pem --key rsa2048.key"

# The groups to tell OpenSSL for one of them: it takes no ECDSA certificate whose curve is not among them.
groups()
{
    echo "$1" | sed 's/^X25519$/X25519:P-256/'
}

# ---- our server ---------------------------------------------------------------------------------

# fetch OPTION...: reads to the end that the server makes
fetch()
{
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' |
        openssl s_client -tls1_2 -connect "127.0.0.1:$port" -servername localhost -verify_hostname localhost \
            -CAfile ca.pem -verify_return_error -ign_eof "$@" >"$work/page" 2>"$work/err.log" || fail "s_client $* ended with $?"
}

# served SUITE ... GROUP ...: as each_choice12 calls it
served()
{
    fetch -cipher "$2" -groups "$(groups "$6")" -sess_out "$work/session"
    expect page '^HTTP/1.1 200 ' '<td>TLS 1.2</td>' '<td>full</td>' "<td>$1</td>" "<td>$5</td>" 'Extended master secret: yes' \
        'Verification: OK' 'Secure Renegotiation IS supported'
    fetch -cipher "$2" -groups "$(groups "$6")" -sess_in "$work/session"
    expect page '^HTTP/1.1 200 ' '<td>resumed</td>' "<td>$1</td>" "^Reused, TLSv1.2, Cipher is $2"
}

# shellcheck disable=SC2086
start_galvan ids $pairs
each_choice12 served
! grep -q 'TLS session ticket' "$work/page" || fail "the server keeps its sessions, and gives a ticket as well"
fetch -no_ticket -sess_out "$work/session"
fetch -no_ticket -sess_in "$work/session"
expect page '<td>resumed</td>'
# Of another config's sessions it knows nothing: no error, a full handshake.
stop "$pid"
start_galvan again --cert p256.pem --key p256.key
fetch -sess_in "$work/session"
expect page '<td>full</td>'
stop "$pid"
passed "our server: each suite with each group, resumed by session id"

# shellcheck disable=SC2086
start_galvan tickets $pairs --tickets
each_choice12 with_one_group served
expect page 'TLS session ticket'
fetch -no_ticket -sess_in "$work/session" # nothing to be found by: the ticket stays where it is
expect page '<td>full</td>'
stop "$pid"
passed "our server: resumed by ticket"

start_galvan echo --cert p256.pem --key p256.key --tls12 --echo
hold typed
start_reading s_client openssl s_client -tls1_2 -connect "127.0.0.1:$port" -CAfile ca.pem -verify_return_error
client=$pid
say first-line
await s_client.log '^first-line'
say R # asks for new keys as TLS 1.2 does
await s_client-err.log 'no renegotiation\|wrong version\|unexpected message'
until_true 10 has_ended "$client" || fail "s_client goes on after a renegotiation that was refused"
let_go
passed "our server: a renegotiation is refused"

# ---- our client ---------------------------------------------------------------------------------

s_server()
{
    start s_server openssl s_server -tls1_2 -accept "127.0.0.1:$port" -dkey rsa2048.key -dcert rsa2048.pem "$@"
}

client()
{
    "$galvan" client --ca ca.pem "$@" "localhost:$port"
}

# Two connections, the second one resumed.
asked()
{
    case $6 in
    P-384) key=p384 ;;
    *) key=p256 ;;
    esac
    # shellcheck disable=SC2086
    start_peer s_server -www -key $key.key -cert $key.pem -cipher "$2" -groups "$(groups "$6")" $tickets
    expect_status 0 client --json --http / --reconnect 1 --output "$work/page"
    expect out.log "\"version\":\"TLS 1.2\",\"handshake\":\"full\",\"cipher_suite\":\"$1\",\"group\":\"$5\".*\"verified\":true.*\"http_status\":200" \
        "\"version\":\"TLS 1.2\",\"handshake\":\"resumed\",\"cipher_suite\":\"$1\".*\"verified\":true.*\"http_status\":200"
    expect page "^New, TLSv1.2, Cipher is $2" "^Reused, TLSv1.2, Cipher is $2" 'Extended master secret: yes'
    stop "$pid"
}
tickets=
each_choice12 asked
passed "our client: each suite with each group, resumed by ticket"
tickets=-no_ticket
each_choice12 with_one_group asked
passed "our client: resumed by session id"

start_peer s_server -www -key p256.key -cert p256.pem -no_cache -no_ticket
expect_status 0 client --json --http / --reconnect 2
! grep -q resumed "$work/out.log" || fail "a session was resumed that nobody kept"
stop "$pid"
