/* From transcripts to secrets (RFC 9846 section 7.1), to the key log, and Finished (4.4.4). */
#include "handshake/internal.h"

#include "config/session.h"

static void log_secret(const struct hs *hs, const char *label, const struct secret *secret)
{
    const struct key_log *log = hs_common(hs)->key_log;

    if (log != NULL && log->will_log(log, label))
        log->log(log, label, span_of(hs->work->client_random, RANDOM_LEN), secret_span(secret));
}

static enum gv_err derive(struct hs *hs, const char *label, const char *log_label,
                          struct span transcript, struct secret *out)
{
    TRY(gv_schedule13_derive(&hs->work->schedule, label, transcript, out));
    log_secret(hs, log_label, out);
    return GV_OK;
}

/* What the Early Secret is made of: an external PSK, a session's, or nothing. */
static struct span psk_of(const struct hs *hs)
{
    if (hs->work->psk != NULL)
        return secret_span(&hs->work->psk->key);
    if (hs->agreed.kind == HANDSHAKE_RESUMED)
        return secret_span(&hs->work->session->secret);
    return span_of(NULL, 0);
}

static enum gv_err handshake_secrets(struct hs *hs, const struct secret *shared)
{
    struct hs_work *w = hs->work;
    uint8_t digest[HASH_MAX];
    struct span seen;

    TRY(gv_schedule13_early(&w->schedule, hs->agreed.suite->hash, psk_of(hs)));
    TRY(gv_schedule13_handshake(&w->schedule, secret_span(shared)));
    TRY(gv_transcript_peek(&w->transcript, digest, &seen));
    TRY(derive(hs, "c hs traffic", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", seen, &w->client_handshake));
    return derive(hs, "s hs traffic", "SERVER_HANDSHAKE_TRAFFIC_SECRET", seen,
                  &w->server_handshake);
}

enum gv_err gv_hs13_handshake_secrets(struct hs *hs, struct secret *shared)
{
    enum gv_err err = handshake_secrets(hs, shared);
    gv_secret_wipe(shared);
    return err;
}

enum gv_err gv_hs13_application_secrets(struct hs *hs)
{
    struct hs_work *w = hs->work;
    uint8_t digest[HASH_MAX];
    struct span seen;

    TRY(gv_schedule13_main(&w->schedule));
    TRY(gv_transcript_peek(&w->transcript, digest, &seen));
    TRY(derive(hs, "c ap traffic", "CLIENT_TRAFFIC_SECRET_0", seen, &w->client_application));
    TRY(derive(hs, "s ap traffic", "SERVER_TRAFFIC_SECRET_0", seen, &w->server_application));
    return derive(hs, "exp master", "EXPORTER_SECRET", seen, &hs->exporter);
}

/* ---- PSKs ---------------------------------------------------------------------------------------- */

static enum gv_err binder_digest(const struct hash_alg *alg, const struct hash *before,
                                 struct span truncated, uint8_t out[HASH_MAX])
{
    struct hash h = *before;

    if (h.alg == NULL)
        TRY(alg->start(alg, &h));
    TRY(alg->add(&h, truncated));
    return alg->finish(&h, out);
}

static enum gv_err binder_key(const struct binder_by *by, struct secret *out)
{
    struct schedule13 early;
    enum gv_err err = gv_schedule13_early(&early, by->hash, secret_span(by->key));

    if (err == GV_OK)
        err = gv_schedule13_binder_key(&early, by->label, out);
    gv_hmac_drop(&early.current);
    return err;
}

static enum gv_err early_traffic(const struct hash_alg *alg, const struct secret *psk,
                                 struct span digest, struct secret *out)
{
    struct schedule13 early;
    enum gv_err err = gv_schedule13_early(&early, alg, secret_span(psk));

    if (err == GV_OK)
        err = gv_schedule13_derive(&early, "c e traffic", digest, out);
    gv_hmac_drop(&early.current);
    return err;
}

enum gv_err gv_hs13_early_secret(struct hs *hs, const struct hash_alg *alg)
{
    struct hs_work *w = hs->work;
    struct hash h = w->transcript.hash;
    uint8_t digest[HASH_MAX];

    if (h.alg == NULL) { /* the client: its hello waits for the suite to be known */
        TRY(alg->start(alg, &h));
        TRY(alg->add(&h, w->transcript.waiting));
    }
    TRY(alg->finish(&h, digest));
    TRY(early_traffic(alg, &w->session->secret, span_of(digest, alg->len), &w->client_early));
    log_secret(hs, "CLIENT_EARLY_TRAFFIC_SECRET", &w->client_early);
    return GV_OK;
}

enum gv_err gv_hs13_binder(const struct binder_by *by, const struct hash *before,
                           struct span truncated, uint8_t out[HASH_MAX])
{
    const struct hash_alg *alg = by->hash;
    uint8_t digest[HASH_MAX];
    struct secret key;

    TRY(binder_digest(alg, before, truncated, digest));
    TRY(binder_key(by, &key));
    enum gv_err err = gv_finished13(alg, &key, span_of(digest, alg->len), out);
    gv_secret_wipe(&key);
    return err;
}

enum gv_err gv_hs13_resumption_secret(struct hs *hs, struct secret *out)
{
    uint8_t digest[HASH_MAX];
    struct span transcript;

    TRY(gv_transcript_peek(&hs->work->transcript, digest, &transcript));
    return gv_schedule13_derive(&hs->work->schedule, "res master", transcript, out);
}

enum gv_err gv_hs13_ticket_secret(struct hs *hs, const struct secret *resumption, struct span nonce,
                                  struct secret *out)
{
    return gv_ticket_secret13(hs->agreed.suite->hash, resumption, nonce, out);
}

/* ---- Finished ------------------------------------------------------------------------------------- */

enum gv_err gv_hs13_check_finished(struct hs *hs, struct span verify_data,
                                   const struct secret *base)
{
    const struct hash_alg *alg = hs->agreed.suite->hash;
    uint8_t expected[HASH_MAX];

    if (verify_data.len != alg->len)
        RAISE(DECODE_FINISHED);
    TRY(gv_finished13(alg, base, hs_before(hs), expected));
    if (!gv_secret_equal(verify_data, span_of(expected, alg->len)))
        RAISE(FINISHED_WRONG);
    return GV_OK;
}

enum gv_err gv_hs13_write_finished(struct hs *hs, const struct secret *base)
{
    const struct hash_alg *alg = hs->agreed.suite->hash;
    uint8_t digest[HASH_MAX], verify_data[HASH_MAX];
    struct span transcript;

    TRY(gv_transcript_peek(&hs->work->transcript, digest, &transcript));
    TRY(gv_finished13(alg, base, transcript, verify_data));
    gv_wire_write_finished(&hs->work->flight.w, span_of(verify_data, alg->len));
    return gv_flight_message(hs);
}
