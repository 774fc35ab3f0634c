#!/bin/sh
# Do galvan verify and galvan inspect do what the manual says: chains that are good, each that is not,
# with the certificate that is at fault; and files of every kind in words?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$certs"
# shellcheck disable=SC2046
compile json_check $(pkg-config --cflags --libs jansson)

# ---- verify ---------------------------------------------------------------------------------

# good ARGUMENT..., bad ARGUMENT...: its status, one verdict on standard output, no complaint
good()
{
    expect_status 0 "$galvan" verify --ca ca.pem "$@"
    expect out.log ': good'
    [ ! -s "$work/err.log" ] || fail "complains of what is good"
}
bad()
{
    expect_status 1 "$galvan" verify "$@"
    expect out.log ': NOT good' '^  X' 'check  *[a-z]' 'try '
    [ ! -s "$work/err.log" ] || fail "complains on standard error"
}

good --name localhost p256.pem
good --name 127.0.0.1 rsa2048.pem
good chain.pem
expect out.log '^      0  CN=localhost,O=Galvan tests' '^      1  CN=Intermediate' '^     ca  CN=Root'
good --crl crl.pem p256.pem
good --client client.pem
good --strict --name localhost p256.pem
good --at 2020-06-01 expired.pem
good --at 2020-12-31T23:59:59Z expired.pem
good p256.der
bad --ca ca.pem --at 2021-01-02 expired.pem
expect out.log '^  X   0' 'a certificate has expired' 'to 2021-01-01T00:00:00Z' 'found  *2021-01-02T00:00:00Z'
bad --ca ca.pem --name example.org p256.pem
expect out.log 'NOT good for "example.org"' 'expected  *example.org' 'found  *DNS:localhost, IP:127.0.0.1' '^     ca  CN=Root'
bad --ca other-ca.pem chain.pem
expect out.log '^      0' '^  X   1' '^    ?    CN=Root'
bad --ca ca.pem too-deep.pem
expect out.log '^  X   2' 'at most 0 intermediate'
bad --ca ca.pem --crl crl.pem revoked.pem
expect out.log 'was revoked' 'serial number'
bad --ca ca.pem --crl crl-other-ca.pem p256.pem
bad --ca ca.pem --client p256.pem
bad --ca ca.pem --strict sha1.pem
passed "verdicts, and where a path failed"

expect_status 0 "$galvan" verify --ca ca.pem --name localhost --json chain.pem
"$work/json_check" <"$work/out.log" || fail "no JSON"
expect out.log '"good":true' '"certificates":\[0,1\],"root":"CN=Root' '"subject":"CN=Intermediate'
expect_status 1 "$galvan" verify --ca ca.pem --json expired.pem
"$work/json_check" <"$work/out.log" || fail "no JSON"
expect out.log '"good":false' '"name":"CERT_EXPIRED"' '"check":"validity"' '"failed":0'
expect_status 0 env SSL_CERT_FILE=ca.pem "$galvan" verify p256.pem
expect_status 0 env SSL_CERT_DIR=. "$galvan" verify rsa-signed.pem
passed "JSON, and the system's roots"

refused()
{
    regex=$1
    shift
    expect_status 2 "$galvan" "$@"
    [ ! -s "$work/out.log" ] || fail "$*: writes to standard output"
    [ "$(wc -l <"$work/err.log")" = 1 ] || fail "$*: not one line on standard error"
    expect err.log "$regex"
}
refused 'wants one CHAIN.pem' verify
refused 'no-such-file' verify no-such-file.pem
refused 'no certificate can be read' verify --ca ca.pem p256.key
refused '"tomorrow" is no time' verify --at tomorrow p256.pem
refused '"2026-13-01" is no time' verify --at 2026-13-01 p256.pem
refused 'ca.pem: .*revocation list' verify --ca ca.pem --crl ca.pem p256.pem
refused 'contradict' verify --client --name localhost client.pem
refused 'a b.*hostname' verify --ca ca.pem --name 'a b' p256.pem
refused '/dev/null: no certificate authority' verify --ca /dev/null p256.pem
refused 'wants a FILE' inspect
refused 'no-such-file' inspect no-such-file.pem
passed "bad input: one line, status 2"

# ---- inspect --------------------------------------------------------------------------------

expect_status 0 "$galvan" inspect chain.pem crl.pem p256.key rsa2048-pkcs1.der crl.der p256.der
expect out.log '^chain.pem: certificate$' 'subject  *CN=localhost,O=Galvan tests' 'names* *DNS:localhost' 'authority  *yes, with at most 0' \
    '^crl.pem: revocation list$' 'next update  *9999-12-31' 'revoked  *010014 at ' \
    '^p256.key: private key$' '^rsa2048-pkcs1.der: private key$' 'key  *RSA 2048 bits' '^crl.der: revocation list$'
[ "$(grep -c '^chain.pem: certificate$' "$work/out.log")" = 2 ] || fail "not every certificate of a file is told"
digest=$(openssl x509 -in p256.pem -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1)
expect out.log "sha256  *$digest"
expect_status 1 "$galvan" inspect README.md
expect err.log 'README.md: holds no certificate'
! grep -q . "$work/out.log" || fail "something is told of nothing"
passed "certificates, lists and keys in words"
