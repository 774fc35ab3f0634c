#!/bin/sh
# Does NSS's server (3.110 or newer) take our client's Encrypted Client Hello, also behind a HelloRetryRequest, and
# does our client take its rejection? test_ech_nss.c is the other role. The server is that of the system, or else of
# Debian 13: older ones reject their own configurations.
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need openssl certutil
cd "$certs"
# shellcheck source=test/interop/debian13.sh
. "$here/debian13.sh"

if tstclnt 2>&1 | grep -q mlkem768x25519; then
    ln -s "$(command -v selfserv)" "$work/selfserv"
else
    use_debian13 openssl selfserv
fi
mkdir "$work/p256"
certutil -N -d "sql:$work/p256" --empty-password
openssl pkcs12 -export -in p256.pem -inkey p256.key -name p256 -passout pass:x -out "$work/p256.p12"
pk12util -d "sql:$work/p256" -i "$work/p256.p12" -W x -K '' >"$work/pk12util.log"

# It says its configurations where they are read at once: stdbuf's library sees to that.
selfserv_ech()
{
    start selfserv env _STDBUF_O=L "LD_PRELOAD=$stdbuf" "$work/selfserv" -p "$port" -V tls1.3:tls1.3 -d "sql:$work/p256" -e p256 \
        -X publicname:localhost "$@"
}

# start_hiding OPTION...: leaves its configurations in $configs
start_hiding()
{
    start_peer selfserv_ech "$@"
    await selfserv.log '^[A-Za-z0-9+/=]*$'
    configs=$(grep -m 1 '^[A-Za-z0-9+/=]*$' "$work/selfserv.log")
}

stdbuf=$(find /usr/libexec/coreutils /usr/lib/coreutils -name libstdbuf.so 2>/dev/null | head -n 1)
[ -n "$stdbuf" ] || skip "no stdbuf here"
start_hiding -I P384
other=$configs
expect_status 0 "$galvan" client --ca ca.pem --json --http / --ech "$configs" "localhost:$port"
expect out.log '"handshake":"full with hello retry request".*"ech":"accepted"'
kill -9 "$pid"
start_hiding
for name in localhost 127.0.0.1; do # an address is not sent, and the outer name is the public one
    expect_status 0 "$galvan" client --ca ca.pem --servername "$name" --json --http / --ech "$configs" "localhost:$port"
    expect out.log '"ech":"accepted".*"http_status":200'
done
expect_status 0 "$galvan" client --ca ca.pem --json --http / --ech-grease "localhost:$port"
expect out.log '"http_status":200'
# Told what is right today. (Where NSS rejects and asks for another hello, not even its own client understands it.)
expect_status 1 "$galvan" client --ca ca.pem --json --http / --ech "$other" "localhost:$port"
expect out.log '"name":"ECH_REJECTED"' '"alert_name":"ech_required"'
grep -q -F -e "--ech $configs" "$work/out.log" || fail "the server's configurations are not told"
kill -9 "$pid"
passed "accepted, also behind a HelloRetryRequest, rejected, and pretended"
