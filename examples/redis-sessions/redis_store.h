/* TLS sessions in Redis or Valkey: the two callbacks of rustls_server_config_builder_set_persistence
 * over hiredis. Whatever happens to Redis, a client at worst makes a full handshake. */
#ifndef REDIS_STORE_H
#define REDIS_STORE_H

#include <hiredis/hiredis.h>
#include <rustls.h>
#include <stdbool.h>
#include <time.h>

/* One connection to Redis, for one thread. Zeroed but for the address, it is ready; give its address
 * to rustls_connection_set_userdata of each server connection. */
struct redis_store {
    const char *host; /* or, where port is 0, the path of a Unix socket */
    int port;
    redisContext *redis; /* NULL: not connected */
    time_t quiet_until;  /* it failed: not tried again before; monotonic, seconds */
};

/* "host:port" or "/path/to/socket", which is borrowed and written to. False where it is neither. */
bool redis_store_init(struct redis_store *s, char *address);
void redis_store_drop(struct redis_store *s);

/* The callbacks, with a struct redis_store as userdata. */
uint32_t redis_store_get(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                         uint8_t *buf, size_t count, size_t *out_n);
uint32_t redis_store_put(void *userdata, const struct rustls_slice_bytes *key,
                         const struct rustls_slice_bytes *val);

#endif
