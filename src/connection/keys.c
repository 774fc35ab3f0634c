/* The handshake's door into the connection: what it sends becomes records, its secrets keys. */
#include "connection/internal.h"

#include "keys/schedule13.h"

static enum gv_err use_key(struct connection *c, enum hs_direction direction,
                           const struct cipher_suite_info *suite, const uint8_t *key,
                           const uint8_t *iv)
{
    const bool seal = direction == HS_WRITE;
    const uint64_t limit = seal ? gv_connection_limits(c)->records_per_key : 0;

    return gv_record_key(&c->half[direction], suite, key, iv, seal, limit);
}

static enum gv_err install_traffic(struct connection *c, enum hs_direction direction,
                                   const struct cipher_suite_info *suite)
{
    uint8_t key[AEAD_KEY_MAX], iv[AEAD_NONCE];
    enum gv_err err = gv_traffic_key13(suite, &c->traffic[direction], key, iv);

    if (err == GV_OK)
        err = use_key(c, direction, suite, key, iv);
    gv_wipe(key, sizeof key);
    gv_wipe(iv, sizeof iv);
    return err;
}

enum gv_err gv_connection_advance_key(struct connection *c, enum hs_direction direction)
{
    const struct cipher_suite_info *suite = c->half[direction].suite;

    TRY(gv_next_traffic_secret(suite->hash, &c->traffic[direction]));
    return install_traffic(c, direction, suite);
}

static enum gv_err door_send(void *connection, struct span messages)
{
    return gv_connection_emit(connection, CONTENT_HANDSHAKE, messages);
}

static enum gv_err door_send_change_cipher_spec(void *connection)
{
    static const uint8_t one[] = {1};
    return gv_connection_emit(connection, CONTENT_CHANGE_CIPHER_SPEC, SPAN_OF(one));
}

static enum gv_err door_install(void *connection, enum hs_direction direction,
                                const struct cipher_suite_info *suite, const struct secret *traffic)
{
    struct connection *c = connection;

    c->traffic[direction] = *traffic;
    return install_traffic(c, direction, suite);
}

static void door_clear_write(void *connection)
{
    struct connection *c = connection;
    gv_record_half_drop(&c->half[HS_WRITE]);
}

static enum gv_err door_install12(void *connection, enum hs_direction direction,
                                  const struct cipher_suite_info *suite, const uint8_t *key,
                                  const uint8_t *iv)
{
    return use_key(connection, direction, suite, key, iv);
}

/* The answer is owed, not sent: many requests in a row are answered by one update, in front of the
 * next data (RFC 9846 section 4.6.3). */
static enum gv_err door_key_updated(void *connection, bool answer)
{
    struct connection *c = connection;

    c->key_update_due = c->key_update_due || answer;
    if (c->key_update_asked)
        c->counters.post_handshake = 0; /* it comes because we asked: no flood */
    c->key_update_asked = false;
    return gv_connection_advance_key(c, HS_READ);
}

const struct hs_door gv_connection_door = {
    .send = door_send,
    .send_change_cipher_spec = door_send_change_cipher_spec,
    .install = door_install,
    .clear_write = door_clear_write,
    .install12 = door_install12,
    .key_updated = door_key_updated,
};
