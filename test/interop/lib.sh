# shellcheck shell=sh
# What the interoperability tests share. A test begins with `. "$(dirname "$0")/lib.sh"`, starts its
# peers with start_*, and need not stop them: whatever it started is stopped when it ends, by process id.
# Nothing waits for a fixed time: waiting is for a line, a port or an end, with a bound on each.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2034 # for the tests
certs=$here/../certs
galvan=$GALVAN_BIN_DIR/galvan
work=$(mktemp -d)
pids=
export LC_ALL=C
unset SSLKEYLOGFILE SSL_CERT_FILE SSL_CERT_DIR

stop_all()
{
    for pid in $pids; do
        kill -9 "$pid" 2>/dev/null || :
    done
    rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 1' INT TERM

fail()
{
    echo "FAILED: $*"
    for log in "$work"/*.log; do
        [ -s "$log" ] || continue
        echo "--- ${log##*/}"
        tail -n 12 "$log" | cut -c 1-600
    done
    exit 1
}

passed()
{
    echo "ok: $*"
}

# need COMMAND...: ends the test as skipped where a peer is not installed
need()
{
    for command in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null 2>&1 && continue
        echo "SKIPPED: $command is not installed"
        exit 77
    done
}

# compile SOURCE FLAG...: builds a helper of ours into $work, without the sanitizers of the build
compile()
{
    source=$1
    shift
    "${GALVAN_CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror "$here/$source.c" -o "$work/$source" "$@"
}

# until_true SECONDS COMMAND...: true as soon as the command is
until_true()
{
    tries=$(($1 * 50))
    shift
    while ! "$@"; do
        [ "$tries" -gt 0 ] || return 1
        tries=$((tries - 1))
        sleep 0.02
    done
}

is_running()
{
    kill -0 "$1" 2>/dev/null
}

has_ended()
{
    ! is_running "$1"
}

has_line()
{
    grep -q -e "$2" "$1" 2>/dev/null
}

# A port in state LISTEN (0A), in hexadecimal, as the kernel shows it: nobody is disturbed by looking.
is_listening()
{
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ":$(printf %04X "$1") [0-9A-F]*:0000 0A"
}

listens_or_ended()
{
    is_listening "$1" || has_ended "$2"
}

# free_port: one that nobody had a moment ago
free_port()
{
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        port=$(($(od -An -N2 -tu2 /dev/urandom) % 20000 + 10000))
        is_listening "$port" || break
    done
    echo "$port"
}

# start NAME COMMAND...: in the background, its output in $work/NAME.log; $pid is its process
start()
{
    log=$work/$1.log
    shift
    : >"$log" # at once: nobody shall read what the last of this name wrote
    "$@" >"$log" 2>&1 </dev/null 3>&- &
    pid=$!
    pids="$pids $pid"
}

# start_galvan NAME OPTION...: our server on a free port, which is $port
start_galvan()
{
    start_name=$1
    shift
    start "$start_name" "$galvan" server --port 0 "$@"
    until_true 10 has_line "$log" 'listening' || fail "our server does not listen"
    port=$(sed -n 's/.*listening.*:\([0-9][0-9]*\).*/\1/p' "$log" | head -n 1)
}

# start_peer COMMAND...: a server of another make, by a command that runs it with `start` on $port;
# another port is tried where somebody was faster
start_peer()
{
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        "$@"
        until_true 10 listens_or_ended "$port" "$pid" && is_running "$pid" && return 0
    done
    fail "a peer does not listen: $*"
}

# stop PID: asks it to end, and waits until it did
stop()
{
    kill "$1" 2>/dev/null || :
    until_true 10 has_ended "$1" || fail "process $1 does not stop"
    wait "$1" 2>/dev/null || :
}

# expect_status N COMMAND...: output in $work/out.log and $work/err.log
expect_status()
{
    want=$1
    shift
    status=0
    "$@" >"$work/out.log" 2>"$work/err.log" </dev/null || status=$?
    [ "$status" = "$want" ] || fail "$* ended with $status, not $want"
}

# expect FILE REGEX...: each is found in it
expect()
{
    file=$1
    shift
    for regex in "$@"; do
        has_line "$work/$file" "$regex" || fail "$file lacks: $regex"
    done
}

# await FILE REGEX...: each is found in it soon
await()
{
    file=$1
    shift
    for regex in "$@"; do
        until_true 10 has_line "$work/$file" "$regex" || fail "$file lacks: $regex"
    done
}

has_lines()
{
    [ "$(grep -c -e "$2" "$1")" -ge "$3" ]
}

# await_count FILE REGEX N: so many lines of it, soon
await_count()
{
    until_true 10 has_lines "$work/$1" "$2" "$3" || fail "$1 lacks $3 lines of: $2"
}

same()
{
    [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ] || fail "$1 and $2 differ"
}

# big_file: $work/big, 10 MiB that no compression or repetition makes easy
big_file()
{
    [ -f "$work/big" ] || head -c 10485760 /dev/urandom >"$work/big"
}

# each_choice FUNCTION: calls it for each suite and group of TLS 1.3 that we have, with our name of the
# suite, that of OpenSSL, that of GnuTLS, and our name of the group, that of OpenSSL, that of GnuTLS
each_choice()
{
    for suite in TLS13_AES_256_GCM_SHA384/TLS_AES_256_GCM_SHA384/AES-256-GCM \
        TLS13_AES_128_GCM_SHA256/TLS_AES_128_GCM_SHA256/AES-128-GCM \
        TLS13_CHACHA20_POLY1305_SHA256/TLS_CHACHA20_POLY1305_SHA256/CHACHA20-POLY1305; do
        for group in X25519/X25519/GROUP-X25519 secp256r1/P-256/GROUP-SECP256R1 secp384r1/P-384/GROUP-SECP384R1; do
            # shellcheck disable=SC2046
            "$1" $(echo "$suite/$group" | tr / ' ')
        done
    done
}

# each_choice12 FUNCTION...: the same of TLS 1.2, with our name of the suite, that of OpenSSL, that of
# GnuTLS, NSS's number, and our name of the group, that of OpenSSL, that of GnuTLS
each_choice12()
{
    for suite in ECDSA_WITH_AES_256_GCM_SHA384/ECDSA-AES256-GCM-SHA384/ECDSA:+AES-256-GCM/C02C \
        ECDSA_WITH_AES_128_GCM_SHA256/ECDSA-AES128-GCM-SHA256/ECDSA:+AES-128-GCM/C02B \
        ECDSA_WITH_CHACHA20_POLY1305_SHA256/ECDSA-CHACHA20-POLY1305/ECDSA:+CHACHA20-POLY1305/CCA9 \
        RSA_WITH_AES_256_GCM_SHA384/RSA-AES256-GCM-SHA384/RSA:+AES-256-GCM/C030 \
        RSA_WITH_AES_128_GCM_SHA256/RSA-AES128-GCM-SHA256/RSA:+AES-128-GCM/C02F \
        RSA_WITH_CHACHA20_POLY1305_SHA256/RSA-CHACHA20-POLY1305/RSA:+CHACHA20-POLY1305/CCA8; do
        for group in X25519/X25519/GROUP-X25519 secp256r1/P-256/GROUP-SECP256R1 secp384r1/P-384/GROUP-SECP384R1; do
            # shellcheck disable=SC2046
            "$@" $(echo "TLS_ECDHE_$suite/$group" | sed 's|/|/ECDHE-|; s|/\([A-Z]*:\)|/ECDHE-\1|' | tr / ' ')
        done
    done
}

# with_one_group FUNCTION ARGUMENT...: what each_choice12 may be told to call, to leave the others out
with_one_group()
{
    [ "$6" != X25519 ] || "$@"
}

# The scheme in which a server signs with the key of test/certs that has this name
scheme_of()
{
    case $1 in
    p256) echo ecdsa_secp256r1_sha256 ;;
    p384) echo ecdsa_secp384r1_sha384 ;;
    p521) echo ecdsa_secp521r1_sha512 ;;
    ed25519) echo ed25519 ;;
    rsa*) echo rsa_pss_rsae_sha512 ;;
    esac
}

# A pipe that stays open: `hold NAME` makes $work/NAME and opens it as descriptor 3, `say LINE` writes
# to it, `let_go` closes it. Whoever reads it is started before hold returns, or in between.
hold()
{
    held=$work/$1
    [ -p "$held" ] || mkfifo "$held"
    exec 3<>"$held"
}

say()
{
    printf '%s\n' "$1" >&3
}

let_go()
{
    exec 3>&-
}

# start_reading NAME COMMAND...: as start, with what is said to the pipe that is held as its input, and
# with what it says on standard error in $work/NAME-err.log
start_reading()
{
    log=$work/$1.log
    shift
    : >"$log" # at once: nobody shall read what the last of this name wrote
    "$@" >"$log" 2>"${log%.log}-err.log" <"$held" 3>&- &
    pid=$!
    pids="$pids $pid"
}

has_size()
{
    [ "$(wc -c <"$1")" -ge "$2" ]
}

# big_text: $work/big, 10 MiB of lower-case hexadecimal lines, in which no peer finds a command
big_text()
{
    [ -f "$work/big" ] || od -An -v -tx1 -N 5000000 /dev/urandom | head -c 10485760 >"$work/big"
}
