#!/bin/sh
# Does sslscan find nothing in our server that it calls weak, vulnerable or old, with an ECDSA and with an
# RSA certificate?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need sslscan
cd "$certs"

# only ELEMENT REGEX: sslscan wrote such elements, and each of them fits
only()
{
    grep "<$1 " "$work/scan.xml" >"$work/elements.log" || fail "sslscan found no $1"
    ! grep -v -E -e "$2" "$work/elements.log" >"$work/bad.log" || fail "sslscan finds fault with a $1"
}

for key in p256 rsa2048; do
    start_galvan server --cert $key.pem --key $key.key
    expect_status 0 sslscan --no-colour --xml="$work/scan.xml" "localhost:$port"
    expect scan.xml '</document>' # it came to its end
    only protocol '"(ssl" version="[23]|tls" version="1\.[01])" enabled="0"|"tls" version="1\.[23]" enabled="1"'
    only renegotiation 'supported="0"'
    only heartbleed 'vulnerable="0"'
    only cipher 'strength="(strong|acceptable)"'
    [ "$(wc -l <"$work/elements.log")" = 6 ] || fail "not the three suites of each version"
    only group 'id="0x(0017|0018|001d)"' # those of ours that it knows
    [ "$(grep -c 'TLSv1.3' "$work/elements.log")" = 3 ] || fail "not the three groups"
    ! grep -q '<compression supported="1"' "$work/scan.xml" || fail "sslscan finds compression"
    expect out.log 'Server supports TLS Fallback SCSV'
    stop "$pid"
    passed "$key"
done
