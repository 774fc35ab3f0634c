#!/bin/sh
# Are the tests' certificates what test/certs/README.md says, in the eyes of another implementation?
# Each key belongs to its certificate; good ones verify; each fault is the one that is meant.
set -u
cd "$(dirname "$0")/../certs" || exit 1
command -v openssl >/dev/null 2>&1 || exit 77
failed=0

fail()
{
    echo "$1"
    failed=1
}

# verify NAME WORDS OPTIONS...: openssl's verdict holds these words
verify()
{
    name=$1 words=$2
    shift 2
    openssl verify -purpose sslserver -auth_level 2 "$@" "$name.pem" 2>&1 | grep -q "$words" ||
        fail "$name: not \"$words\""
}

for key in *.key; do
    name=${key%.key}
    base=$(echo "$name" | sed 's/-sec1$//; s/-pkcs1$//')
    [ "$(openssl pkey -in "$key" -pubout)" = "$(openssl x509 -in "$base.pem" -noout -pubkey)" ] ||
        fail "$key does not belong to $base.pem"
done
for key in *-pkcs8.der *-sec1.der *-pkcs1.der; do
    [ "$(openssl pkey -inform DER -in "$key" -pubout)" = "$(openssl x509 -in "${key%-*}.pem" -noout -pubkey)" ] ||
        fail "$key does not belong to ${key%-*}.pem"
done

for name in p256 p384 p521 ed25519 rsa2048 rsa3072 wildcard no-eku no-san no-signing; do
    verify $name OK -CAfile ca.pem
done
verify chain OK -CAfile ca.pem -untrusted chain.pem
verify rsa-signed OK -CAfile rsa-ca.pem
verify self-signed-leaf OK -CAfile self-signed-leaf.pem
verify p256 OK -CAfile ca.pem -crl_check -CRLfile crl.pem

verify chain-leaf-only 'unable to get local issuer' -CAfile ca.pem
verify expired 'certificate has expired' -CAfile ca.pem
verify not-yet 'not yet valid' -CAfile ca.pem
verify unknown 'unable to get local issuer' -CAfile ca.pem
verify unknown OK -CAfile other-ca.pem
verify self-signed 'self-signed certificate' -CAfile ca.pem
verify self-signed-ca 'self-signed certificate' -CAfile ca.pem
verify wrong-eku 'unsuitable certificate purpose' -CAfile ca.pem
verify critical 'unhandled critical extension' -CAfile ca.pem
verify rsa1024 'key too weak' -CAfile ca.pem
verify sha1 'digest algorithm too weak' -CAfile ca.pem
verify too-deep 'path length constraint exceeded' -CAfile ca.pem -untrusted too-deep.pem
verify revoked 'certificate revoked' -CAfile ca.pem -crl_check -CRLfile crl.pem
verify p256 'CRL has expired' -CAfile ca.pem -crl_check -CRLfile crl-expired.pem
verify p256 'unable to get certificate CRL' -CAfile ca.pem -crl_check -CRLfile crl-other-ca.pem
verify chain-revoked 'certificate revoked' -CAfile ca.pem -untrusted chain-revoked.pem -crl_check -CRLfile crl-intermediate.pem

for name in client client-ed25519 client-rsa2048; do
    verify $name OK -CAfile ca.pem -purpose sslclient
done
verify client-wrong-eku 'unsuitable certificate purpose' -CAfile ca.pem -purpose sslclient
verify client-expired 'certificate has expired' -CAfile ca.pem -purpose sslclient
verify client-unknown 'unable to get local issuer' -CAfile ca.pem -purpose sslclient
verify client-revoked 'certificate revoked' -CAfile ca.pem -purpose sslclient -crl_check -CRLfile crl.pem
exit $failed
