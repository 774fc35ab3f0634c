#!/bin/sh
# Do the hybrid groups of RFC 10024 work with OpenSSL 3.5 and NSS 3.110 or newer, in both roles, in full and
# resumed handshakes, behind a HelloRetryRequest, and beside peers that do not know them? The peers are those of the
# system, or else of Debian 13, fetched once and unpacked in GALVAN_CACHE (else ~/.cache/galvan).
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl certutil
cd "$certs"
# shellcheck source=test/interop/debian13.sh
. "$here/debian13.sh"

knows_hybrids()
{
    openssl list -kem-algorithms 2>/dev/null | grep -q X25519MLKEM768 && tstclnt 2>&1 | grep -q mlkem768x25519
}
if knows_hybrids; then
    for program in openssl tstclnt selfserv; do
        ln -s "$(command -v $program)" "$work/$program"
    done
else
    use_debian13 openssl tstclnt selfserv
fi
export OPENSSL_CONF=/dev/null

mkdir "$work/none" "$work/p256"
for database in none p256; do
    certutil -N -d "sql:$work/$database" --empty-password
    certutil -A -d "sql:$work/$database" -n ca -t CT,C, -i ca.pem
done
openssl pkcs12 -export -in p256.pem -inkey p256.key -name p256 -passout pass:x -out "$work/p256.p12"
pk12util -d "sql:$work/p256" -i "$work/p256.p12" -W x -K '' >"$work/pk12util.log"

# ---- our server ---------------------------------------------------------------------------------

printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' >"$work/request"
s_client()
{
    "$work/openssl" s_client -connect "127.0.0.1:$port" -servername localhost -CAfile ca.pem -verify_return_error -ign_eof "$@" \
        <"$work/request" >"$work/page" 2>"$work/err.log" || fail "s_client $* ended with $?"
}

every=X25519MLKEM768,X25519,secp256r1,secp384r1,SecP256r1MLKEM768,SecP384r1MLKEM1024
start_galvan server --cert p256.pem --key p256.key --groups $every
for group in X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024; do
    s_client -groups $group -sess_out "$work/session"
    expect page '<td>full</td>' "<td>$(echo $group | sed s/SecP/secp/)</td>" "Negotiated TLS1.3 group: $group"
    s_client -groups $group -sess_in "$work/session"
    expect page '<td>resumed</td>' "<td>$(echo $group | sed s/SecP/secp/)</td>"
    s_client -groups "*X448:$group" # the share is of the first alone
    expect page '<td>full with hello retry request</td>' "<td>$(echo $group | sed s/SecP/secp/)</td>"
done
s_client # its own choice
expect page '<td>full</td>' '<td>X25519MLKEM768</td>'
s_client -tls1_2 -groups X25519MLKEM768:X25519:P-256 # where the hybrid group is of no use
expect page '<td>TLS 1.2</td>' '<td>X25519</td>'

# tstclnt OPTION...
nss_client()
{
    timeout 10 "$work/tstclnt" -4 -h 127.0.0.1 -a localhost -p "$port" -d "sql:$work/none" -V tls1.3:tls1.3 -A "$work/request" "$@" \
        </dev/null >"$work/page" 2>"$work/err.log" || fail "tstclnt $* ended with $?"
}
nss_client -I mlkem768x25519 -L 2
expect page '<td>full</td>' '<td>resumed</td>' '<td>X25519MLKEM768</td>'
nss_client -I P521,mlkem768x25519
expect page '<td>full with hello retry request</td>' '<td>X25519MLKEM768</td>'
stop "$pid"
start_galvan classical --cert p256.pem --key p256.key --groups secp256r1
s_client
expect page '<td>secp256r1</td>'
stop "$pid"
passed "our server: each group with OpenSSL, X25519MLKEM768 with NSS"

# ---- our client ---------------------------------------------------------------------------------

s_server()
{
    start s_server "$work/openssl" s_server -www -accept "127.0.0.1:$port" -cert p256.pem -key p256.key "$@"
}

selfserv()
{
    start selfserv "$work/selfserv" -p "$port" -u -V tls1.3:tls1.3 -d "sql:$work/p256" -e p256 "$@"
}

# asked HANDSHAKE GROUP OPTION...: a connection and one that resumes it
asked()
{
    handshake=$1 group=$(echo "$2" | sed s/SecP/secp/)
    shift 2
    expect_status 0 "$galvan" client --ca ca.pem --json --http / --reconnect 1 "$@" "localhost:$port"
    expect out.log "\"handshake\":\"$handshake\".*\"group\":\"$group\".*\"http_status\":200" \
        "\"handshake\":\"resumed\".*\"group\":\"$group\".*\"http_status\":200"
}

for group in X25519MLKEM768 SecP256r1MLKEM768 SecP384r1MLKEM1024; do
    start_peer s_server -groups $group
    asked full "$group" --groups $group
    asked 'full with hello retry request' "$group" --groups "secp384r1,$group"
    stop "$pid"
done
start_peer s_server
asked full X25519MLKEM768
stop "$pid"
start_peer s_server -groups X25519 # the share of the classical half is enough
asked full X25519
stop "$pid"
start_peer selfserv -I mlkem768x25519
asked full X25519MLKEM768
asked 'full with hello retry request' X25519MLKEM768 --groups X25519,X25519MLKEM768
kill -9 "$pid" # it knows no gentle end
passed "our client: each group with OpenSSL, X25519MLKEM768 with NSS"
