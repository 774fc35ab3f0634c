/* TLS sessions in Redis or Valkey. Each call is one command and one round trip, and bounded in time:
 * a handshake waits for it. A Redis that does not answer is left alone for a moment, so that not
 * every handshake pays for finding out. */
#include "redis_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* How long a session is kept, in seconds: as long as Galvan's tickets of stored sessions live. */
#define LIFETIME "86400"

enum {
    WAIT_MS = 100,    /* for a connection, and for an answer */
    QUIET_SECONDS = 1 /* after a failure */
};

bool redis_store_init(struct redis_store *s, char *address)
{
    *s = (struct redis_store){.host = address};
    if (address[0] == '/')
        return true;
    char *colon = strrchr(address, ':'), *end;
    if (colon == NULL || colon == address)
        return false;
    long port = strtol(colon + 1, &end, 10);
    if (*end != '\0' || port < 1 || port > 65535)
        return false;
    *colon = '\0';
    s->port = (int)port;
    return true;
}

void redis_store_drop(struct redis_store *s)
{
    if (s->redis != NULL)
        redisFree(s->redis);
    s->redis = NULL;
}

static time_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* After an error a context of hiredis is of no more use. */
static void give_up(struct redis_store *s, const char *why)
{
    (void)fprintf(stderr, "redis: %s; sessions are not shared for now\n", why);
    redis_store_drop(s);
    s->quiet_until = now() + QUIET_SECONDS;
}

/* The reply where Redis gave one that is no error; else NULL. */
static redisReply *checked(struct redis_store *s, redisReply *reply)
{
    if (reply == NULL) {
        give_up(s, s->redis->errstr);
        return NULL;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        give_up(s, reply->str);
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

/* The password is where redis-cli has it too. */
static bool log_in(struct redis_store *s)
{
    const char *password = getenv("REDISCLI_AUTH");
    if (password == NULL)
        return true;
    redisReply *reply = checked(s, redisCommand(s->redis, "AUTH %s", password));
    if (reply == NULL)
        return false;
    freeReplyObject(reply);
    return true;
}

static bool is_connected(struct redis_store *s)
{
    const struct timeval wait = {.tv_usec = WAIT_MS * 1000};
    if (s->redis != NULL)
        return true;
    if (now() < s->quiet_until)
        return false;
    s->redis = s->port == 0 ? redisConnectUnixWithTimeout(s->host, wait)
                            : redisConnectWithTimeout(s->host, s->port, wait);
    if (s->redis == NULL || s->redis->err != 0 || redisSetTimeout(s->redis, wait) != REDIS_OK) {
        give_up(s, s->redis == NULL ? "out of memory" : s->redis->errstr);
        return false;
    }
    return log_in(s);
}

/* GETDEL looks and removes in one step, so that of two servers which are shown the same TLS 1.3
 * ticket one gets the session. (A GET and then a DEL would give it to both.) */
uint32_t redis_store_get(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                         uint8_t *buf, size_t count, size_t *out_n)
{
    struct redis_store *s = userdata;
    if (!is_connected(s))
        return RUSTLS_RESULT_IO;
    const char *command = remove_after ? "GETDEL galvan:%b" : "GET galvan:%b";
    redisReply *reply = checked(s, redisCommand(s->redis, command, key->data, key->len));
    if (reply == NULL)
        return RUSTLS_RESULT_IO;
    uint32_t result = RUSTLS_RESULT_NOT_FOUND;
    if (reply->type == REDIS_REPLY_STRING && (size_t)reply->len <= count) {
        memcpy(buf, reply->str, (size_t)reply->len);
        *out_n = (size_t)reply->len;
        result = RUSTLS_RESULT_OK;
    }
    freeReplyObject(reply);
    return result;
}

uint32_t redis_store_put(void *userdata, const struct rustls_slice_bytes *key,
                         const struct rustls_slice_bytes *val)
{
    struct redis_store *s = userdata;
    if (!is_connected(s))
        return RUSTLS_RESULT_IO;
    redisReply *reply = checked(s, redisCommand(s->redis, "SET galvan:%b %b EX " LIFETIME,
                                                key->data, key->len, val->data, val->len));
    if (reply == NULL)
        return RUSTLS_RESULT_IO;
    freeReplyObject(reply);
    return RUSTLS_RESULT_OK;
}
