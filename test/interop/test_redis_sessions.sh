#!/bin/sh
# examples/redis-sessions with a real Redis: is a session made at one server process resumed at
# another, is a TLS 1.3 ticket good for one of them only, and does a Redis that is away, hangs or
# holds rubbish cost a full handshake and never a failure?
# shellcheck source=test/interop/lib.sh
. "$(dirname "$0")/lib.sh"
need redis-server redis-cli openssl pkg-config
pkg-config --exists hiredis || { echo "SKIPPED: hiredis is not installed"; exit 77; }
example=$here/../../examples/redis-sessions
export REDISCLI_AUTH=secret # for redis-cli and for the servers
export LD_LIBRARY_PATH="$GALVAN_BIN_DIR${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# A process of a sanitizer's that forks and is killed has nothing to say about leaks.
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

# build NAME SOURCE... -- FLAG...: as the example's Makefile does, against this build
build()
{
    program=$1
    shift
    # shellcheck disable=SC2086,SC2046
    (cd "$example" && "${GALVAN_CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror \
        ${GALVAN_SANITIZER_FLAGS:-} -I../../include -o "$work/$program" "$@" \
        -L"$GALVAN_BIN_DIR" -lgalvan $(pkg-config --cflags --libs hiredis))
}
build server server.c tls_io.c redis_store.c
build client client.c tls_io.c

# On $port; its socket is there a moment later.
start_redis()
{
    start redis redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$work" \
        --unixsocket "$work/redis.sock" --requirepass "$REDISCLI_AUTH"
}
redis()
{
    redis-cli -s "$work/redis.sock" "$@"
}
answers()
{
    [ "$(redis ping 2>/dev/null)" = PONG ]
}

# serve NAME REDIS WORKERS: a server, its port in $port
serve()
{
    start "$1" "$work/server" 0 "$certs/p256.pem" "$certs/p256.key" "$2" "$3"
    until_true 10 has_line "$log" listening || fail "$1 does not listen"
    port=$(sed -n 's/^listening.*://p' "$log")
}

# connections VERSION KINDS PORT...: the kinds in which the client connects to these, one letter each:
# (f)ull, (r)esumed. Server and client must agree.
connections()
{
    tls=$1 kinds=$2
    shift 2
    "$work/client" "$certs/ca.pem" "$tls" "$@" >"$work/client.log" 2>&1 || fail "the client failed"
    seen=$(sed -n 's/.*here .*full.*there .*full.*/f/p; s/.*here .*resumed.*there .*resumed.*/r/p' "$work/client.log" |
        tr -d '\n')
    [ "$seen" = "$kinds" ] || fail "TLS $tls: $seen instead of $kinds"
}

start_peer start_redis
redis_port=$port
redis_pid=$pid
until_true 10 answers || fail "Redis does not answer"
serve one "127.0.0.1:$redis_port" 1
one=$port
serve other "$work/redis.sock" 1
other=$port
serve many "127.0.0.1:$redis_port" 4
many=$port

# ---- shared -----------------------------------------------------------------------------------------

for version in 1.2 1.3; do
    connections $version frrr "$one" "$other" "$one" "$other"
    connections $version frrrrr "$many" "$many" "$many" "$many" "$one" "$many"
    passed "TLS $version: what one process keeps, another resumes"
done

# lua BODY [ARGUMENT]: runs it for each session, k being its key
lua()
{
    redis eval "local n = 0 for _, k in ipairs(redis.call('keys', 'galvan:*')) do $1 end return n" 0 "${2-}"
}

[ "$(lua 'n = n + 1')" -gt 10 ] || fail "there are no sessions in Redis"
[ "$(lua "local ttl = redis.call('ttl', k) if ttl < 0 or ttl > 86400 then n = n + 1 end")" = 0 ] ||
    fail "a session is kept too long"
passed "sessions are in Redis, for a day at most"

# session OPTION...: openssl connects to $port and says whether it resumed
session()
{
    printf 'GET / HTTP/1.0\r\n\r\n' |
        timeout 20 openssl s_client -connect "127.0.0.1:$port" -servername localhost -ign_eof \
            -CAfile "$certs/ca.pem" "$@" >"$work/openssl.log" 2>&1 || fail "openssl failed"
    sed -n 's/.*, \(full handshake\|resumed\), process .*/\1/p' "$work/openssl.log"
}

for version in 2 3; do
    port=$one
    [ "$(session "-tls1_$version" -sess_out "$work/session")" = "full handshake" ] || fail "openssl: not full"
    port=$other
    [ "$(session "-tls1_$version" -sess_in "$work/session")" = resumed ] || fail "openssl: not resumed"
    again=$(session "-tls1_$version" -sess_in "$work/session")
    # A session of TLS 1.2 may be resumed as often as wanted, a ticket of TLS 1.3 once.
    [ "$version $again" = "2 resumed" ] || [ "$version $again" = "3 full handshake" ] ||
        fail "openssl, the second time: $again"
    passed "TLS 1.$version: openssl resumes at the other process"
done

# ---- Redis with rubbish in it -----------------------------------------------------------------------------

for version in 2 3; do
    for rubbish in "" x "$(head -c 2000 /dev/zero | tr '\0' a)" "$(head -c 100000 /dev/zero | tr '\0' a)"; do
        port=$one
        session "-tls1_$version" -sess_out "$work/session" >"$work/out"
        lua "redis.call('set', k, ARGV[1])" "$rubbish" >"$work/out"
        [ "$(session "-tls1_$version" -sess_in "$work/session")" = "full handshake" ] || fail "rubbish was resumed"
    done
    lua "redis.call('del', k) redis.call('lpush', k, 'x')" >"$work/out" # not even a string
    connections 1.$version fr "$one" "$other"
    passed "TLS 1.$version: rubbish costs a full handshake"
done

password=$REDISCLI_AUTH
REDISCLI_AUTH=wrong
serve stranger "127.0.0.1:$redis_port" 1
REDISCLI_AUTH=$password
for version in 1.2 1.3; do
    connections $version fff "$port" "$port" "$one"
done
expect stranger.log '^redis: .*WRONGPASS'
passed "a Redis that lets nobody in costs full handshakes"

# ---- Redis that hangs, that is away, and that is back -----------------------------------------------------------

kill -STOP "$redis_pid"
for version in 1.2 1.3; do
    connections $version fff "$one" "$other" "$one"
done
expect one.log '^redis: '
kill -CONT "$redis_pid"
passed "a Redis that hangs costs full handshakes"

until_true 10 answers || fail "Redis does not answer"
session_at_one_comes_back()
{
    (connections 1.3 fr "$one" "$other" && connections 1.2 fr "$one" "$other") >/dev/null
}
until_true 10 session_at_one_comes_back || fail "no session is shared after Redis hung"
passed "sessions are shared again"

stop "$redis_pid"
for version in 1.2 1.3; do
    connections $version ffff "$one" "$other" "$one" "$many"
done
passed "a Redis that is away costs full handshakes"

port=$redis_port
start_redis
until_true 10 answers || fail "Redis does not come back"
until_true 10 session_at_one_comes_back || fail "no session is shared after Redis came back"
for server in one other many; do
    ! has_line "$work/$server.log" 'Sanitizer' || fail "$server: a sanitizer spoke"
done
passed "a Redis that is back is used again"
