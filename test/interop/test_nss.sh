#!/bin/sh
# Does NSS (tstclnt and selfserv) talk with us in both roles: each suite of both versions with each
# group, sessions that are resumed, early data, client certificates, ALPN, and certificates that are not believed?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need certutil pk12util openssl tstclnt selfserv
cd "$certs"
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' >"$work/request"

# database NAME...: $work/NAME is one with the root and that key, under its name. The keys have databases of
# their own, for NSS has one name for all certificates of one subject.
database()
{
    for name in "$@"; do
        mkdir "$work/$name"
        certutil -N -d "sql:$work/$name" --empty-password
        certutil -A -d "sql:$work/$name" -n ca -t CT,C, -i ca.pem
        [ "$name" != none ] || continue
        pem=$name.pem
        [ ! -f "$work/$pem" ] || pem=$work/$pem
        openssl pkcs12 -export -in "$pem" -inkey "$name.key" -name "$name" -passout pass:x -out "$work/$name.p12"
        pk12util -d "sql:$work/$name" -i "$work/$name.p12" -W x -K '' >"$work/pk12util.log" 2>&1 || fail "no database for $name"
    done
}
# For a server's RSA key NSS wants the usage of key encipherment, whatever the suite.
printf 'subjectAltName = DNS:localhost, IP:127.0.0.1\nkeyUsage = digitalSignature, keyEncipherment\n' >"$work/extensions"
openssl req -new -key rsa2048.key -subj '/O=Galvan tests/CN=localhost' |
    openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial 77 -days 2 -sha256 -extfile "$work/extensions" \
        -out "$work/rsa2048.pem" 2>"$work/x509.log"
database none p256 p384 rsa2048 client client-rsa2048

# ---- our server ---------------------------------------------------------------------------------

# It would wait for ever after some failures, hence timeout.
# fetch DATABASE VERSION OPTION...
fetch()
{
    database=$1 version=$2
    shift 2
    timeout 10 tstclnt -4 -h 127.0.0.1 -a localhost -p "$port" -d "sql:$work/$database" -V "tls$version:tls$version" \
        -A "$work/request" "$@" </dev/null >"$work/page" 2>"$work/err.log" || fail "tstclnt $* ended with $?"
    expect page '^HTTP/1.1 200 ' "<td>TLS $version</td>"
}

start_server()
{
    start_galvan server --cert p384.pem --key p384.key --cert p256.pem --key p256.key --cert "$work/rsa2048.pem" --key rsa2048.key "$@"
}

group_of()
{
    echo "$1" | sed 's/^X/x/; s/-//'
}

# served12 SUITE ... NSS'S-NUMBER GROUP OPENSSL'S-NAME-OF-IT ...: as each_choice12 calls it
served12()
{
    fetch none 1.2 -G -c ":$4" -I "$(group_of "$6")"
    expect page "<td>$1</td>" "<td>$5</td>" '<td>full</td>'
}

served13()
{
    fetch none 1.3 -c ":$(number_of "$1")" -I "$(group_of "$5")"
    expect page "<td>$1</td>" "<td>$4</td>" '<td>full</td>'
    [ "$4" = X25519 ] || return 0
    # It sends a share of its first group alone, which we lack here.
    fetch none 1.3 -c ":$(number_of "$1")" -I "FF2048,P521,$(group_of "$5")"
    expect page "<td>$1</td>" "<td>$4</td>" '<td>full with hello retry request</td>'
}

number_of()
{
    case $1 in
    TLS13_AES_128_GCM_SHA256) echo 1301 ;;
    TLS13_AES_256_GCM_SHA384) echo 1302 ;;
    *) echo 1303 ;;
    esac
}
start_server
each_choice12 served12
each_choice served13
stop "$pid"
passed "our server: each suite with each group in both versions; HelloRetryRequest"

# resume_at_ours OPTION...: two connections, the second one resumed
resume_at_ours()
{
    for version in 1.2 1.3; do
        fetch none $version -G -L 2 "$@"
        expect page '<td>full</td>' '<td>resumed</td>'
    done
}
start_server --early-data 1000
resume_at_ours
resume_at_ours -u
fetch none 1.3 -L 2 -Z -f
expect page '<td>accepted</td>'
stop "$pid"
start_server --tickets
resume_at_ours -u
stop "$pid"
passed "our server: resumed by session id and by ticket; early data"

start_server --client-ca ca.pem --require-client-cert
for key in client client-rsa2048; do
    for version in 1.2 1.3; do
        fetch $key $version -n $key
        expect page 'CN=client'
    done
done
timeout 10 tstclnt -4 -h 127.0.0.1 -a localhost -p "$port" -d "sql:$work/none" <"$work/request" >"$work/page" 2>"$work/err.log" || :
await server.log 'client sent no certificate.*certificate_required (116)'
stop "$pid"
start_galvan unknown --cert unknown.pem --key unknown.key
! timeout 10 tstclnt -4 -h 127.0.0.1 -a localhost -p "$port" -d "sql:$work/none" <"$work/request" >"$work/page" 2>"$work/err.log" ||
    fail "tstclnt believed it"
await unknown.log 'failed: .*alert unknown_ca\|failed: .*unknown_ca'
stop "$pid"
passed "our server: client certificates; one that is not believed"

# ---- our client ---------------------------------------------------------------------------------

selfserv12()
{
    start selfserv selfserv -p "$port" -V tls1.2:tls1.2 -G "$@"
}

selfserv13()
{
    start selfserv selfserv -p "$port" -V tls1.3:tls1.3 "$@"
}

# The key to serve a suite and a group with, as options: its own curve must be among the groups.
key_for()
{
    case $1-$2 in
    *ECDSA*-P-384) echo "-d sql:$work/p384 -e p384" ;;
    *ECDSA*) echo "-d sql:$work/p256 -e p256" ;;
    *) echo "-d sql:$work/rsa2048 -n rsa2048" ;;
    esac
}

# asked N REGEX: a connection and N more, which are resumed
asked()
{
    count=$1 agreed=$2
    shift 2
    expect_status 0 "$galvan" client --ca ca.pem --http / --json --reconnect "$count" "$@" "localhost:$port"
    [ "$(grep -c "\"handshake\":\"resumed\".*\"verified\":true.*\"http_status\":200" "$work/out.log")" = "$count" ] ||
        fail "not resumed $count times"
    expect out.log "$agreed"
}

asked12()
{
    # shellcheck disable=SC2046
    start_peer selfserv12 $(key_for "$1" "$6") -c ":$4" -I "$(group_of "$6" | sed 's/^x25519$/x25519,P256/')"
    asked 1 "\"version\":\"TLS 1.2\",\"handshake\":\"full\",\"cipher_suite\":\"$1\",\"group\":\"$5\""
    stop_selfserv
}

asked13()
{
    start_peer selfserv13 -u -d "sql:$work/p256" -e p256 -c ":$(number_of "$1")" -I "$(group_of "$5")"
    asked 1 "\"version\":\"TLS 1.3\".*\"cipher_suite\":\"$1\",\"group\":\"$4\""
    stop_selfserv
}

# It knows no gentle end but one that is asked for in a request.
stop_selfserv()
{
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || :
}
each_choice12 asked12
each_choice asked13
passed "our client: each suite with each group in both versions, resumed by session id"

start_peer selfserv12 -u -d "sql:$work/p256" -e p256
asked 2 '"TLS 1.2"'
stop_selfserv
start_peer selfserv13 -u -Z -d "sql:$work/p256" -e p256
asked 2 '"early_data":"rejected"' --early-data # so it does in its first ten seconds, for what came before it began
stop_selfserv
passed "our client: resumed by ticket; early data that is rejected"
for version in 12 13; do
    start_peer selfserv$version -u -Q -r -r -d "sql:$work/p256" -e p256
    for key in client client-rsa2048; do
        asked 1 '"alpn":"http/1.1"' --cert $key.pem --key $key.key --alpn h2,http/1.1
    done
    expect_status 1 "$galvan" client --ca ca.pem --http / "localhost:$port"
    expect err.log 'the server refused, with the alert'
    stop_selfserv
done
passed "our client: certificates of its own; ALPN"
