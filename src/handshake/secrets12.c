/* TLS 1.2: from the shared secret to keys, ChangeCipherSpec, and Finished. */
#include "handshake/internal.h"

static void log_master_secret(const struct hs *hs)
{
    static const char label[] = "CLIENT_RANDOM"; /* RFC 9850 section 2 */
    const struct key_log *log = hs_common(hs)->key_log;

    if (log != NULL && log->will_log(log, label))
        log->log(log, label, span_of(hs->work->client_random, RANDOM_LEN),
                 secret_span(&hs->work->master));
}

static enum gv_err master_secret(struct hs *hs, const struct secret *shared)
{
    const struct hash_alg *alg = hs->agreed.suite->hash;
    struct hs_work *w = hs->work;
    uint8_t digest[HASH_MAX];
    struct span session;

    if (!w->extended_master_secret)
        return gv_master_secret(alg, secret_span(shared), span_of(w->client_random, RANDOM_LEN),
                                span_of(w->server_random, RANDOM_LEN), &w->master);
    TRY(gv_transcript_peek(&w->transcript, digest, &session));
    return gv_extended_master_secret(alg, secret_span(shared), session, &w->master);
}

enum gv_err gv_hs12_secrets(struct hs *hs, struct secret *shared)
{
    enum gv_err err = master_secret(hs, shared);

    gv_secret_wipe(shared);
    TRY(err);
    return gv_hs12_keys(hs);
}

enum gv_err gv_hs12_keys(struct hs *hs)
{
    struct hs_work *w = hs->work;

    log_master_secret(hs);
    hs->exporter = w->master;
    hs->extended_master_secret = w->extended_master_secret;
    memcpy(hs->client_random, w->client_random, RANDOM_LEN);
    memcpy(hs->server_random, w->server_random, RANDOM_LEN);
    TRY(gv_hmac_key(&w->keyed_master, hs->agreed.suite->hash, secret_span(&w->master)));
    return gv_keys12(hs->agreed.suite, &w->keyed_master, span_of(w->client_random, RANDOM_LEN),
                     span_of(w->server_random, RANDOM_LEN), &w->keys12);
}

enum gv_err gv_hs12_check_finished(struct hs *hs, struct span verify_data, const char *label)
{
    uint8_t expected[VERIFY_DATA12_LEN];

    if (verify_data.len != sizeof expected)
        RAISE(DECODE_FINISHED);
    TRY(gv_finished12(&hs->work->keyed_master, label, hs_before(hs), expected));
    if (!gv_secret_equal(verify_data, SPAN_OF(expected)))
        RAISE(FINISHED_WRONG);
    return GV_OK;
}

static enum gv_err write_finished(struct hs *hs, const char *label)
{
    uint8_t digest[HASH_MAX], verify_data[VERIFY_DATA12_LEN];
    struct span transcript;

    TRY(gv_transcript_peek(&hs->work->transcript, digest, &transcript));
    TRY(gv_finished12(&hs->work->keyed_master, label, transcript, verify_data));
    gv_wire_write_finished(&hs->work->flight.w, SPAN_OF(verify_data));
    return gv_flight_message(hs);
}

static enum gv_err install(struct hs *hs, enum hs_direction direction, bool of_client)
{
    const struct keys12 *k = &hs->work->keys12;

    return hs->door->install12(hs->connection, direction, hs->agreed.suite,
                               of_client ? k->client_key : k->server_key,
                               of_client ? k->client_iv : k->server_iv);
}

enum gv_err gv_hs12_send_finished(struct hs *hs, const char *label)
{
    enum { FINISHED_MAX = HANDSHAKE_HEADER + VERIFY_DATA12_LEN };

    TRY(hs->door->send_change_cipher_spec(hs->connection));
    TRY(install(hs, HS_WRITE, hs->client != NULL));
    TRY(gv_flight_begin(hs, FINISHED_MAX));
    TRY(write_finished(hs, label));
    return gv_flight_send(hs);
}

enum gv_err gv_hs12_change_read_key(struct hs *hs)
{
    return install(hs, HS_READ, hs->client == NULL);
}
