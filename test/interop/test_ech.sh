#!/bin/sh
# Encrypted Client Hello with the tool alone: keys from ech-keygen, a server that has them, clients that
# have the right configuration, an old one and none.
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$certs"

keygen()
{
    expect_status 0 "$galvan" ech-keygen --public-name localhost --out "$work/$1.pem" --config-id "$2" --kem "$3"
    cp "$work/out.log" "$work/$1.txt"
}

# ---- ech-keygen ---------------------------------------------------------------------------------

keygen new 1 x25519
keygen old 2 p256
keygen older 3 p384
[ "$(stat -c %a "$work/new.pem")" = 600 ] || fail "others may read the key"
expect_status 2 "$galvan" ech-keygen --public-name localhost --out "$work/new.pem"
expect err.log 'new.pem: File exists'
expect_status 2 "$galvan" ech-keygen --public-name 127.0.0.1 --out "$work/none.pem"
expect err.log 'no host name'
expect_status 2 "$galvan" ech-keygen --public-name localhost --out "$work/none.pem" --kem x448
expect err.log '"x448" is none of x25519'
expect_status 2 "$galvan" ech-keygen --public-name localhost
expect err.log 'wants --public-name NAME and --out FILE'
[ ! -e "$work/none.pem" ] || fail "a key was made in spite of wrong options"

# Where the openssl command knows X25519 in PKCS#8, the file is what RFC 9934 says.
need openssl
expect_status 0 openssl pkey -in "$work/new.pem" -noout -text
expect out.log 'X25519 Private-Key'
expect_status 0 openssl pkey -in "$work/old.pem" -noout -text
expect out.log 'prime256v1'

# ---- files that are no keys --------------------------------------------------------------------------

expect_status 2 "$galvan" server --cert p256.pem --key p256.key --ech-key p256.key --port 0
expect err.log 'p256.key: not one PRIVATE KEY and the ECHCONFIG'
expect_status 2 "$galvan" server --cert p256.pem --key p256.key --ech-key "$work/new.pem" --tls12 --port 0
expect err.log 'wants TLS 1.3'

# ---- connections ---------------------------------------------------------------------------------------

start_galvan hidden --cert wildcard.pem --key wildcard.key --ech-key "$work/new.pem" --ech-key "$work/old.pem" --json
for config in new old; do
    expect_status 0 "$galvan" client --ca ca.pem --ech "$(cat "$work/$config.txt")" --http / --servername www.example.com "localhost:$port"
    expect err.log 'Hidden hello *accepted'
    expect out.log 'Hidden hello</th><td>accepted' 'Server name</th><td>www.example.com'
done
expect_status 0 "$galvan" client --ca ca.pem --ech-grease --http / --servername www.example.com "localhost:$port"
expect err.log 'Hidden hello *pretended'

# One that the server does not have any more: it says which one it has, and that one works.
start_galvan rejects --cert p256.pem --key p256.key --ech-key "$work/new.pem" --ech-key "$work/old.pem"
expect_status 1 "$galvan" client --ca ca.pem --ech "$(cat "$work/older.txt")" --http / "localhost:$port"
expect err.log 'try once more'
grep -qF "$(cat "$work/new.txt")" "$work/err.log" || fail "the client is not told the server's new configuration"
expect_status 0 "$galvan" client --ca ca.pem --ech "$(cat "$work/new.txt")" --http / "localhost:$port"
expect err.log 'Hidden hello *accepted'
passed "a server that decrypts, and clients with its configuration, an old one and none"
