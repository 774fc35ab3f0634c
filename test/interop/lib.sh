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
        tail -n 30 "$log"
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
    name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 </dev/null &
    pid=$!
    pids="$pids $pid"
}

# start_galvan NAME OPTION...: our server on a free port, which is $port
start_galvan()
{
    name=$1
    shift
    start "$name" "$galvan" server --port 0 "$@"
    until_true 10 has_line "$work/$name.log" 'listening' || fail "our server does not listen"
    port=$(sed -n 's/.*listening.*:\([0-9][0-9]*\).*/\1/p' "$work/$name.log" | head -n 1)
}

# start_peer NAME FUNCTION...: a server of another make. The function gets a free port behind its own
# arguments, and runs the server with `start NAME`; another port is tried where somebody was faster.
start_peer()
{
    name=$1
    shift
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        "$@" "$port"
        until_true 10 listens_or_ended "$port" "$pid" && is_running "$pid" && return 0
    done
    fail "$name does not listen"
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

same()
{
    [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ] || fail "$1 and $2 differ"
}

# big_file: $work/big, 10 MiB that no compression or repetition makes easy
big_file()
{
    [ -f "$work/big" ] || head -c 10485760 /dev/urandom >"$work/big"
}
