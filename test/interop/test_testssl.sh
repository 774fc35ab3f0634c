#!/bin/sh
# Does testssl.sh find nothing in our server that it rates LOW or worse: protocols, suites, preferences, the
# ServerHello, HTTP and every vulnerability that it knows, with an ECDSA and an RSA certificate, with
# sessions kept in memory and with tickets?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/bin
testssl=$(command -v testssl || command -v testssl.sh) || { echo "SKIPPED: testssl.sh is not installed"; exit 77; }
cd "$certs"

# What it may find, each with the reason why that is not ours:
#   cert_serialNumberLen cert_validityPeriod   the throw-away certificates of test/certs have short serial
#                                              numbers and are never to expire
#   cert_revocation                            nor does their authority publish revocation lists
#   HSTS                                       a matter of HTTP, and of lasting harm at the name localhost
excepted=' cert_serialNumberLen cert_validityPeriod cert_revocation HSTS '

# findings: "ID SEVERITY FINDING", one a line
findings()
{
    awk -F '"' '$2 == "id" { id = $4; sub(/ .*/, "", id) } $2 == "severity" { severity = $4 }
        $2 == "finding" { print id, severity, $4 }' "$work/testssl.json"
}

# scan CHECKS OPTION...: these checks of our server with these options
scan()
{
    checks=$1
    shift
    start_galvan server --cert p256.pem --key p256.key --cert rsa2048.pem --key rsa2048.key "$@"
    server=$pid
    rm -f "$work/testssl.json"
    # shellcheck disable=SC2086
    start testssl "$testssl" --quiet --color 0 --warnings off --nodns none --add-ca ca.pem \
        --jsonfile "$work/testssl.json" $checks "localhost:$port"
    until_true 280 has_ended "$pid" || fail "testssl.sh does not end"
    findings >"$work/findings.log"
    awk -v excepted="$excepted" '$2 !~ /^(OK|INFO|WARN)$/ && index(excepted, " " $1 " ") == 0' \
        "$work/findings.log" >"$work/bad.log"
    [ ! -s "$work/bad.log" ] || fail "testssl.sh finds fault"
    stop "$server"
}

# did ID...: it looked for that, and found it in order
did()
{
    for id in "$@"; do
        expect findings.log "^$id OK"
    done
}

scan '--grease --protocols --standard --pfs --server-preference --server-defaults --headers --vulnerable'
expect findings.log '^TLS1 INFO not offered' '^TLS1_1 INFO not offered' '^cipherlist_AVERAGE INFO not offered'
did SSLv2 SSLv3 TLS1_2 TLS1_3 cipherlist_NULL cipherlist_aNULL cipherlist_EXPORT cipherlist_STRONG PFS cipher_order \
    heartbleed CCS ticketbleed ROBOT secure_renego secure_client_renego CRIME_TLS BREACH fallback_SCSV SWEET32 FREAK \
    DROWN LOGJAM BEAST LUCKY13 RC4
passed "protocols, suites, preferences, HTTP and vulnerabilities: $(wc -l <"$work/findings.log") findings"
scan '--server-defaults --ticketbleed' --tickets
did ticketbleed
expect findings.log '^TLS_session_ticket INFO valid for'
passed "tickets"
