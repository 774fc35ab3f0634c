#!/bin/sh
# Does the tool do what its manual says: our client and our server with each other, and both with
# wrong options, wrong files, wrong certificates and peers that speak no TLS?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$certs"
# shellcheck disable=SC2046
compile json_check $(pkg-config --cflags --libs jansson)
compile plain_peer

# ---- help, and bad input ----------------------------------------------------------------------

for command in "" "client" "server"; do
    # shellcheck disable=SC2086
    expect_status 0 "$galvan" $command --help
    expect out.log '^Usage: galvan'
    [ ! -s "$work/err.log" ] || fail "--help complains"
done
expect_status 0 "$galvan" --version
expect out.log '^galvan [0-9]'

# refused REGEX COMMAND...: one line on standard error that says why, nothing else, and status 2
refused()
{
    regex=$1
    shift
    expect_status 2 "$galvan" "$@"
    [ ! -s "$work/out.log" ] || fail "$*: writes to standard output"
    [ "$(wc -l <"$work/err.log")" = 1 ] || fail "$*: not one line on standard error"
    expect err.log "$regex"
}

echo "no PEM" >"$work/text"
: >"$work/empty"
printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n' >"$work/cut.pem"
printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' >"$work/not-a-cert.pem"
pair="--cert p256.pem --key p256.key"
refused 'wants a command'
refused 'no-such-command' no-such-command
refused 'wants one HOST' client
refused 'wants one HOST' client one two
refused 'unrecognized option' client --no-such-option localhost
refused 'requires an argument' client localhost --ca
refused 'port.*99999.*65535' client localhost:99999
refused 'port.*https' client localhost:https
refused 'port.*"0"' client localhost:0
refused 'port' client localhost:
refused 'host is missing' client :443
refused 'no-such-file.pem: No such file' client --ca no-such-file.pem localhost
refused 'text: no certificate authority.*no PEM' client --ca "$work/text" localhost
refused 'empty: .*file is empty' client --ca "$work/empty" localhost
refused 'cut.pem: no certificate authority' client --ca "$work/cut.pem" localhost
refused 'not-a-cert.pem: no certificate authority' client --ca "$work/not-a-cert.pem" localhost
refused 'ca.der: .*DER' client --ca ca.der localhost
refused "certs: " client --ca "$certs" localhost
refused 'contradict' client --insecure --ca ca.pem localhost
refused 'each --cert needs a --key' client --ca ca.pem --cert client.pem localhost
refused 'timeout.*soon' client --timeout soon localhost
refused 'alpn' client --alpn ,h2 localhost
refused 'groups: wants some of' client --groups X25519,X448 localhost
refused 'groups: wants some of' client --groups '' localhost
refused 'begins with /' client --http page localhost
refused '--reconnect wants --http' client --reconnect 1 localhost
refused 'reconnect.*"0".*1 to' client --http / --reconnect 0 localhost
refused '--early-data wants --reconnect' client --http / --early-data localhost
refused 'begins with /' client --http "/a b" localhost
refused 'a..b.*hostname' client --ca ca.pem --servername a..b localhost
# A label of 70 characters: no resolver asks anybody for it.
refused 'cannot find the address' client --ca ca.pem --servername localhost "$(printf '%070d' 0).invalid"
refused 'keylog: .*No such file' client --ca ca.pem --keylog /no/such/folder/keys localhost
refused 'output: .*No such file' client --ca ca.pem --output /no/such/folder/out localhost
refused "Connection refused" client --ca ca.pem "127.0.0.1:$(free_port)"
refused 'wants --cert FILE and --key FILE' server
refused 'each --cert needs a --key' server --cert p256.pem
refused 'no-such-file.pem: No such file' server --cert no-such-file.pem --key p256.key
refused 'text: no certificate can be read.*no PEM' server --cert "$work/text" --key p256.key
refused 'empty: no certificate can be read.*empty' server --cert "$work/empty" --key p256.key
refused 'not-a-cert.pem: ' server --cert "$work/not-a-cert.pem" --key p256.key
refused 'p256.pem: no private key' server --cert p256.pem --key p256.pem
refused 'p384.key: not the key' server --cert p256.pem --key p384.key
refused 'rsa1024.key: a kind or size' server --cert rsa1024.pem --key rsa1024.key
# shellcheck disable=SC2086
{
    refused 'wants --client-ca' server $pair --require-client-cert
    refused 'no-such-file.pem: No such file' server $pair --client-ca no-such-file.pem
    refused 'contradict' server $pair --tickets --early-data 100
    refused 'early-data.*16385.*16384' server $pair --early-data 16385
    refused 'port.*70000' server $pair --listen 127.0.0.1:70000
    refused 'is no option' server $pair left-over
}
passed "bad input: one line, status 2"

# ---- our client and our server ----------------------------------------------------------------

# shellcheck disable=SC2086
start_galvan server $pair
server=$pid
refused 'cannot listen.*Address already in use' server --cert p256.pem --key p256.key --port "$port"
expect_status 0 "$galvan" client --ca ca.pem --http / "localhost:$port"
expect out.log '^HTTP/1.1 200 OK' '<h1>This connection</h1>' 'TLS 1.3' 'TLS13_AES_256_GCM_SHA384' '<td>localhost</td>'
expect err.log 'Version.*TLS 1.3' 'Cipher suite.*TLS13_AES_256_GCM_SHA384' 'Key exchange.*X25519' \
    'Signature.*ecdsa_secp256r1_sha256' 'ALPN.*http/1.1' 'Verified.*yes: for "localhost", by ca.pem' \
    'subject   CN=localhost,O=Galvan tests' 'issuer    CN=' 'valid     from 2020' 'names     DNS:localhost, IP:127.0.0.1' \
    'key       ECDSA P-256' 'sent [0-9]* bytes and received [0-9]*'
await server.log 'GET / 200, TLS 1.3'
expect_status 0 "$galvan" client --ca ca.pem --http /elsewhere "127.0.0.1:$port" --quiet
expect out.log '^HTTP/1.1 404 '
[ ! -s "$work/err.log" ] || fail "--quiet is not"
expect_status 0 "$galvan" client --insecure --http / "localhost:$port"
expect err.log 'Verified.*NO'
expect_status 0 env SSL_CERT_FILE=ca.pem "$galvan" client --http / "localhost:$port"
expect err.log 'Verified.*yes.*by the system'
expect_status 0 "$galvan" client --ca ca.pem "localhost:$port"
[ ! -s "$work/out.log" ] || fail "something came where nothing was asked for"
passed "a page, and who served it"

# answers STATUS REQUEST: what the server says to the bytes of a request
answers()
{
    # shellcheck disable=SC2059
    printf "$2" | "$galvan" client --ca ca.pem --keep-open "localhost:$port" >"$work/out.log" 2>"$work/err.log" ||
        fail "request: $2"
    expect out.log "^HTTP/1.1 $1 "
}
answers 200 'HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n'
! grep -q html "$work/out.log" || [ "$(grep -c '^<' "$work/out.log")" = 0 ] || fail "HEAD is answered with a body"
answers 200 'GET / HTTP/1.0\n\n'
answers 404 'GET /<script> HTTP/1.1\r\n\r\n'
! grep -q '<script>' "$work/out.log" || fail "a path is not escaped"
answers 405 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc'
answers 505 'GET / HTTP/2.0\r\n\r\n'
answers 400 'nonsense\r\n\r\n'
answers 400 'GET http://elsewhere/ HTTP/1.1\r\n\r\n'
long=$(head -c 9000 /dev/zero | tr '\0' a)
answers 414 "GET /$long HTTP/1.1\\r\\n\\r\\n"
answers 431 "GET / HTTP/1.1\\r\\nX: $long"
big_file
status=0
{ printf 'GET / HTTP/1.1\r\n\r\n'; cat "$work/big" "$work/big"; } >"$work/upload"
"$galvan" client --ca ca.pem "localhost:$port" <"$work/upload" >"$work/out.log" 2>"$work/err.log" || status=$?
[ $status = 1 ] || fail "what the server did not take is lost without a word: $status"
expect out.log '^HTTP/1.1 200 '
expect err.log 'closed before it had taken everything\|the connection .* broke'
passed "requests that are not to be answered with the page, or longer than it waits for"

# ---- what goes wrong, in words ----------------------------------------------------------------

expect_status 1 "$galvan" client --ca other-ca.pem --http / "localhost:$port"
expect err.log 'handshake with localhost port .* failed: no chain leads' 'certificate  0: CN=localhost' 'we sent unknown_ca (48)' \
    'try  .*--ca FILE'
[ ! -s "$work/out.log" ] || fail "a page was shown whose server was not believed"
await server.log 'failed.*unknown_ca (48); try: '
expect_status 1 "$galvan" client --ca ca.pem --servername example.org "localhost:$port"
expect err.log 'expected     example.org' 'found        DNS:localhost, IP:127.0.0.1' 'try  .*--servername'
expect_status 1 "$galvan" client --ca ca.pem --alpn no-such-protocol "localhost:$port"
expect err.log 'the server refused, with the alert no_application_protocol' 'try  .*--alpn'
stop "$server"
expect server.log 'stopped after'

# explains NAME REGEX...: a server with that certificate, and what the client says to it
explains()
{
    name=$1
    shift
    start_galvan "faulty-$name" --cert "$name.pem" --key "$name.key"
    expect_status 1 "$galvan" client --ca ca.pem "localhost:$port"
    expect err.log "$@" '^  try  '
    stop "$pid"
}
explains expired 'failed: a certificate has expired' 'certificate_expired (45)' 'try  .*renewed'
explains not-yet 'failed: a certificate is not valid yet' 'try  .*clock'
explains unknown 'failed: no chain leads' 'unknown_ca (48)'
explains self-signed 'failed: no chain leads'
explains wrong-eku 'not for this use' 'try  .*server authentication'
explains no-san 'not for this server name' 'no subject alternative name'
explains ca-as-leaf 'an authority'
explains sha1 'not supported' 'try  .*SHA-256'
explains critical 'critical extension'
passed "certificates that are not believed, and why"

start_galvan mutual --cert chain.pem --key chain.key --client-ca ca.pem --require-client-cert
expect_status 0 "$galvan" client --ca ca.pem --cert client.pem --key client.key --http / "localhost:$port"
expect out.log 'Your certificates' 'CN=client'
expect err.log 'Certificate 1' 'authority yes, with at most 0'
expect_status 1 "$galvan" client --ca ca.pem --http / "localhost:$port"
expect err.log 'with the alert certificate_required' 'try  .*--cert FILE'
expect_status 1 "$galvan" client --ca ca.pem --cert client-unknown.pem --key client-unknown.key --http / "localhost:$port"
expect err.log 'with the alert unknown_ca'
stop "$pid"
start_galvan optional --cert p256.pem --key p256.key --client-ca ca.pem
expect_status 0 "$galvan" client --ca ca.pem --http / "localhost:$port"
expect out.log 'You showed no certificate'
stop "$pid"
passed "client certificates: shown, missing, unknown"

# ---- sessions that are resumed ----------------------------------------------------------------

start_galvan sessions --cert p256.pem --key p256.key --early-data 16384
expect_status 0 "$galvan" client --ca ca.pem --http / --reconnect 2 "localhost:$port"
[ "$(grep -c 'Handshake  *resumed' "$work/err.log")" = 2 ] || fail "not resumed twice"
[ "$(grep -c '^HTTP/1.1 200 OK' "$work/out.log")" = 3 ] || fail "not three pages"
! grep -q 'arly data' "$work/err.log" "$work/out.log" "$work/sessions.log" || fail "early data that nobody asked for"
expect_status 0 "$galvan" client --ca ca.pem --http / --reconnect 2 --early-data --json --output "$work/page" "localhost:$port"
[ "$(grep -c '"handshake":"resumed".*"early_data":"accepted".*"http_status":200' "$work/out.log")" = 2 ] || fail "not twice as early data"
expect page '<tr><th>Early data</th><td>accepted</td></tr>'
await sessions.log 'GET / 200, TLS 1.3 resumed .* early data accepted '
expect_status 0 "$galvan" client --ca ca.pem --tls12 --http / --reconnect 1 --early-data "localhost:$port"
expect err.log 'Handshake  *resumed'
stop "$pid"
start_galvan sessions --cert p256.pem --key p256.key --tickets
for version in 12 13; do
    expect_status 0 "$galvan" client --ca ca.pem --tls$version --http / --reconnect 2 --early-data "localhost:$port"
    [ "$(grep -c 'Handshake  *resumed' "$work/err.log")" = 2 ] || fail "not resumed twice with a ticket"
    ! grep -q 'arly data' "$work/err.log" || fail "early data where a ticket could be used twice"
done
stop "$pid"
passed "sessions that are resumed, and early data"

# ---- peers that speak no TLS ------------------------------------------------------------------

# meets HOW REGEX...: what our client says to a server that is none
meets()
{
    how=$1
    shift
    start "plain-$how" "$work/plain_peer" serve "$how"
    await "plain-$how.log" 'listening'
    port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$work/plain-$how.log")
    expect_status 1 "$galvan" client --ca ca.pem --timeout 1 "127.0.0.1:$port"
    expect err.log "$@" '^  try  '
    kill -9 "$pid"
}
meets text 'failed: this is not TLS' 'STARTTLS'
meets close 'closed in the middle of the handshake'
meets hang 'stands still: nothing came for 1 s'

start_galvan bothered --cert p256.pem --key p256.key --timeout 1
server=$pid bothered=$port
for how in text close hang; do
    "$work/plain_peer" call "$bothered" $how >"$work/call.log" || fail "our server does not let go of a peer that does: $how"
done
await bothered.log 'this is not TLS.*try: .*http' 'left in the middle of the handshake' 'handshake took too long'
expect_status 0 "$galvan" client --ca ca.pem --http / "localhost:$bothered"

# A peer that is gone must not keep the loop busy: CPU ticks of the server, with one silent client there.
ticks()
{
    awk '{ print $14 + $15 }' "/proc/$server/stat"
}
before=$(ticks)
"$work/plain_peer" call "$bothered" hang >"$work/call.log" || fail "a silent client was not let go"
[ $(($(ticks) - before)) -le 10 ] || fail "the server was busy while nothing happened"
stop "$server"
passed "peers that speak no TLS"

# ---- many, and the end of it ------------------------------------------------------------------

start_galvan many --cert p256.pem --key p256.key --once 100 --max-clients 40
server=$pid
clients=
for i in 1 2 3 4 5 6 7 8 9 10; do
    for j in 0 1 2 3 4 5 6 7 8 9; do
        "$galvan" client --ca ca.pem --http / --quiet "localhost:$port" >"$work/page-$i$j" 2>"$work/client-$i$j.log" &
        clients="$clients $!"
    done
done
for client in $clients; do
    wait "$client" || fail "one of many clients failed"
done
[ "$(cat "$work"/page-* | grep -c '^HTTP/1.1 200 OK')" = 100 ] || fail "not everybody got the page"
until_true 10 has_ended "$server" || fail "--once does not end"
wait "$server" || fail "--once ends with $?"
expect many.log 'stopped after 100 connections'
passed "a hundred clients at once"

start_galvan stopped --cert p256.pem --key p256.key --echo
server=$pid
mkfifo "$work/typed"
"$galvan" client --ca ca.pem "localhost:$port" <"$work/typed" >"$work/out.log" 2>"$work/err.log" &
client=$!
pids="$pids $client"
exec 3>"$work/typed"
echo hello >&3
await out.log hello
kill "$server"
wait "$server" || fail "SIGTERM ends the server with $?"
until_true 10 has_ended "$client" || fail "the client does not see the server end"
wait "$client" || fail "the server did not say goodbye: the client ended with $?"
exec 3>&-
expect err.log 'sent 6 bytes and received 6.*the server closed in good order'
passed "SIGTERM: a goodbye to everybody, status 0"

# ---- JSON, key log, ALPN, bytes ---------------------------------------------------------------

start_galvan json --cert p256.pem --key p256.key --json --alpn 'a&<b>,http/1.1' --keylog "$work/server-keys"
"$work/json_check" event=listening "port=$port" <"$work/json.log" || fail "not JSON"
expect_status 0 "$galvan" client --ca ca.pem --json --http / --keylog "$work/client-keys" "localhost:$port"
"$work/json_check" host=localhost "version=TLS 1.3" cipher_suite=TLS13_AES_256_GCM_SHA384 group=X25519MLKEM768 \
    signature_scheme=ecdsa_secp256r1_sha256 alpn=http/1.1 verified=true http_status=200 \
    "certificates.0.subject=CN=localhost,O=Galvan tests" certificates.0.names.1=IP:127.0.0.1 \
    certificates.0.not_after=9999-12-31T23:59:59Z "certificates.0.key=ECDSA P-256" <"$work/out.log" || fail "not that JSON"
expect_status 1 "$galvan" client --ca other-ca.pem --json "localhost:$port"
"$work/json_check" handshake_complete=false verified=false error.alert=48 error.alert_name=unknown_ca error.alert_from=us \
    error.name=CERT_UNKNOWN_ISSUER error.result=7126 error.certificate=0 <"$work/out.log" || fail "not that JSON"
printf 'GET / HTTP/1.1\r\n\r\n' | "$galvan" client --ca ca.pem --alpn 'a&<b>' --keep-open "localhost:$port" >"$work/out.log" 2>"$work/err.log"
expect out.log '<td>a&#38;&#60;b&#62;</td>'
await json.log '"alpn":"a&<b>"'
"$work/json_check" event=connection method=GET path=/ http_status=200 error.alert_from=peer error.alert_name=unknown_ca <"$work/json.log" || fail "not JSON"
for keys in client-keys server-keys; do
    expect "$keys" '^CLIENT_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]* [0-9a-f]*$' '^SERVER_TRAFFIC_SECRET_0 '
    [ "$(stat -c %a "$work/$keys")" = 600 ] || fail "others can read the key log"
done
grep -q "$(grep '^SERVER_TRAFFIC_SECRET_0 ' "$work/client-keys")" "$work/server-keys" || fail "the two key logs differ"
stop "$pid"
passed "JSON, escaping and key log"

big_file
start_galvan echo --cert p256.pem --key p256.key --echo --rekey 1000000
clients=
for i in 1 2 3 4; do # at once, so that each has to wait now and then
    "$galvan" client --ca ca.pem --rekey 700000 --output "$work/back-$i" "localhost:$port" <"$work/big" 2>"$work/echo-$i.log" &
    clients="$clients $!"
    pids="$pids $!"
done
for client in $clients; do
    wait "$client" || fail "10 MiB: status $?"
done
for i in 1 2 3 4; do
    same "$work/big" "$work/back-$i"
done
"$galvan" client --ca ca.pem "localhost:$port" <"$work/big" 2>"$work/err.log" | head -c 100 >"$work/back"
[ "$(wc -c <"$work/back")" = 100 ] || fail "a reader that leaves early gets nothing"
stop "$pid"
passed "10 MiB there and back, with new keys on the way"
