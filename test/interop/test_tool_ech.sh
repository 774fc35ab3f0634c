#!/bin/sh
# Does `galvan client` do what its manual says of Encrypted Client Hello, with lists that cannot be used
# and with a server that does not know it?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$certs"

# ECHConfigLists by hand: X25519's base point as the key; for localhost, for elsewhere.example, and for
# localhost with X448, which is not there.
localhost=ADz+DQA4BwAgACAJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAEAAQAJbG9jYWxob3N0AAA=
elsewhere=AET+DQBABwAgACAJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAEAAQARZWxzZXdoZXJlLmV4YW1wbGUAAA==
x448=ADz+DQA4BwAhACAJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAEAAQAJbG9jYWxob3N0AAA=

# refused REGEX OPTION...: one line that says why, and status 2
refused()
{
    regex=$1
    shift
    expect_status 2 "$galvan" client --ca ca.pem "$@" localhost
    [ "$(wc -l <"$work/err.log")" = 1 ] || fail "$*: not one line on standard error"
    expect err.log "$regex"
}

echo "$localhost" | base64 -d >"$work/list"
echo "$localhost" | cut -c 1-20 >"$work/cut"
refused 'No such file' --ech no-such-file
refused 'no ECHConfigList' --ech "$work/cut"
refused 'no ECHConfigList' --ech ca.pem
refused 'no configuration in the list can be used' --ech "$x448"
refused 'contradict' --ech "$localhost" --ech-grease
refused 'only TLS 1.3' --ech "$localhost" --tls12
passed "what cannot be used is refused"

start_galvan server --cert p256.pem --key p256.key
expect_status 0 "$galvan" client --ca ca.pem --http / --ech-grease "localhost:$port"
expect err.log 'Hidden hello *pretended' 'Version *TLS 1.3'
expect_status 0 "$galvan" client --ca ca.pem --http / --ech-grease --json "localhost:$port"
expect out.log '"ech" *: *"pretended"'

# The list itself in base64, in a file, in a file in base64, and in PEM.
echo "$localhost" >"$work/list.b64"
printf -- '-----BEGIN ECHCONFIG-----\n%s\n-----END ECHCONFIG-----\n' "$localhost" >"$work/list.pem"
for list in "$localhost" "$work/list" "$work/list.b64" "$work/list.pem"; do
    expect_status 1 "$galvan" client --ca ca.pem --http / --ech "$list" --servername secret.example "localhost:$port"
    expect err.log 'did not decrypt the Encrypted Client Hello' 'leave out --ech'
done
! grep -q secret "$work/server.log" || fail "the server knows the name"
expect_status 1 "$galvan" client --ca ca.pem --http / --ech "$elsewhere" "localhost:$port"
expect err.log 'not for this server name'
passed "a server that cannot decrypt proves who it is, and gets no request"
