/* The driver: looks up the row for what arrived, keeps the transcript, calls the row's step, and
 * writes the state. The tables are the protocol: RFC 9846 appendix A, read top to bottom. */
#include "handshake/internal.h"

#include "base/mem.h"
#include "config/session.h"
#include "handshake/ech_server.h"

/* clang-format off */
const struct hs_row gv_hs_client_rows[] = { /* RFC 9846 appendix A.1 */
    { MSG_HELLO_RETRY_REQUEST,  C_HELLO,       UNHASHED | REKEYS, TO(C_HELLO_AGAIN),               gv_c_hello_retry },
    { MSG_SERVER_HELLO,         C_HELLO,       UNHASHED,          TO(C13_EE) | TO(C12_CERT) |
                                                                  TO(C12_TICKET) | TO(C12_CCS),    gv_c_server_hello },
    { MSG_SERVER_HELLO,         C_HELLO_AGAIN, UNHASHED,          TO(C13_EE),                      gv_c_server_hello },
    { MSG_ENCRYPTED_EXTENSIONS, C13_EE,        0,                 TO(C13_CERT_CR) | TO(C13_FIN),   gv_c13_encrypted_extensions },
    { MSG_CERTIFICATE_REQUEST,  C13_CERT_CR,   0,                 TO(C13_CERT),                    gv_c13_certificate_request },
    { MSG_CERTIFICATE,          C13_CERT_CR,   0,                 TO(C13_CV),                      gv_c13_certificate },
    { MSG_CERTIFICATE,          C13_CERT,      0,                 TO(C13_CV),                      gv_c13_certificate },
    { MSG_COMPRESSED_CERTIFICATE, C13_CERT_CR, 0,                 TO(C13_CV),                      gv_c13_compressed_certificate },
    { MSG_COMPRESSED_CERTIFICATE, C13_CERT,    0,                 TO(C13_CV),                      gv_c13_compressed_certificate },
    { MSG_CERTIFICATE_VERIFY,   C13_CV,        SNAPSHOT,          TO(C13_FIN),                     gv_c13_certificate_verify },
    { MSG_FINISHED,             C13_FIN,       SNAPSHOT | REKEYS, TO(C13_UP) | TO(C13_SIGN) | TO(C13_CHOOSE), gv_c13_finished },
    { MSG_CERTIFIED_KEY,        C13_CHOOSE,    UNHASHED,          TO(C13_UP) | TO(C13_SIGN),       gv_c13_certified_key },
    { MSG_SIGNATURE,            C13_SIGN,      UNHASHED,          TO(C13_UP),                      gv_c13_signature },
    { MSG_NEW_SESSION_TICKET,   C13_UP,        UNHASHED,          TO(C13_UP),                      gv_c13_new_session_ticket },
    { MSG_KEY_UPDATE,           C13_UP,        UNHASHED | REKEYS, TO(C13_UP),                      gv_up13_key_update },

    /* RFC 5246 section 7.3 */
    { MSG_CERTIFICATE,          C12_CERT,      0,                 TO(C12_STATUS) | TO(C12_SKE),    gv_c12_certificate },
    { MSG_CERTIFICATE_STATUS,   C12_STATUS,    0,                 TO(C12_SKE),                     gv_c12_certificate_status },
    { MSG_SERVER_KEY_EXCHANGE,  C12_STATUS,    0,                 TO(C12_CR_DONE),                 gv_c12_server_key_exchange },
    { MSG_SERVER_KEY_EXCHANGE,  C12_SKE,       0,                 TO(C12_CR_DONE),                 gv_c12_server_key_exchange },
    { MSG_CERTIFICATE_REQUEST,  C12_CR_DONE,   0,                 TO(C12_DONE),                    gv_c12_certificate_request },
    { MSG_SERVER_HELLO_DONE,    C12_CR_DONE,   0,                 TO(C12_TICKET) | TO(C12_CCS),    gv_c12_server_hello_done },
    { MSG_SERVER_HELLO_DONE,    C12_DONE,      0,                 TO(C12_TICKET) | TO(C12_CCS) | TO(C12_SIGN) |
                                                                  TO(C12_CHOOSE),                  gv_c12_server_hello_done },
    { MSG_CERTIFIED_KEY,        C12_CHOOSE,    UNHASHED,          TO(C12_TICKET) | TO(C12_CCS) | TO(C12_SIGN), gv_c12_certified_key },
    { MSG_SIGNATURE,            C12_SIGN,      UNHASHED,          TO(C12_TICKET) | TO(C12_CCS),    gv_c12_signature },
    { MSG_NEW_SESSION_TICKET,   C12_TICKET,    0,                 TO(C12_CCS),                     gv_c12_new_session_ticket },
    { MSG_CHANGE_CIPHER_SPEC,   C12_CCS,       UNHASHED,          TO(C12_FIN),                     gv_c12_change_cipher_spec },
    { MSG_FINISHED,             C12_FIN,       SNAPSHOT,          TO(C12_UP),                      gv_c12_finished },
    { MSG_HELLO_REQUEST,        C12_UP,        UNHASHED,          TO(C12_UP),                      gv_up12_renegotiation },
    { 0, 0, 0, 0, NULL },
};
const struct hs_row gv_hs_server_rows[] = { /* RFC 9846 appendix A.2 */
    { MSG_CLIENT_HELLO,         S_HELLO,       FORK | SEALED,              TO(S_HELLO_AGAIN) | TO(S13_CERT) | TO(S13_FIN) | TO(S13_EARLY) | TO(S13_SIGN) |
                                                                  TO(S12_CERT) | TO(S12_CKE) | TO(S12_CCS) | TO(S12_SIGN) |
                                                                  TO(S_CHOOSE) | TO(S13_LOOK_UP) | TO(S12_LOOK_UP), gv_s_client_hello },
    { MSG_CERTIFIED_KEY,        S_CHOOSE,      UNHASHED,          TO(S_HELLO_AGAIN) | TO(S13_CERT) | TO(S13_FIN) | TO(S13_EARLY) | TO(S13_SIGN) |
                                                                  TO(S12_CERT) | TO(S12_CKE) | TO(S12_CCS) | TO(S12_SIGN) |
                                                                  TO(S13_LOOK_UP) | TO(S12_LOOK_UP), gv_s_certified_key },
    { MSG_CLIENT_HELLO,         S_HELLO_AGAIN, FORK | SEALED,              TO(S13_CERT) | TO(S13_FIN) | TO(S13_SIGN) | TO(S13_LOOK_UP), gv_s_client_hello_again },
    { MSG_SESSION,              S13_LOOK_UP,   UNHASHED,          TO(S13_CERT) | TO(S13_FIN) | TO(S13_EARLY) | TO(S13_SIGN) |
                                                                  TO(S13_LOOK_UP),                 gv_s13_session },
    { MSG_SIGNATURE,            S13_SIGN,      UNHASHED,          TO(S13_CERT) | TO(S13_FIN),      gv_s13_signature },
    { MSG_CERTIFICATE,          S13_CERT,      0,                 TO(S13_CV) | TO(S13_FIN),        gv_s13_certificate },
    { MSG_COMPRESSED_CERTIFICATE, S13_CERT,    0,                 TO(S13_CV) | TO(S13_FIN),        gv_s13_compressed_certificate },
    { MSG_CERTIFICATE_VERIFY,   S13_CV,        SNAPSHOT,          TO(S13_FIN),                     gv_s13_certificate_verify },
    { MSG_END_OF_EARLY_DATA,    S13_EARLY,     REKEYS,            TO(S13_FIN),                     gv_s13_end_of_early_data },
    { MSG_FINISHED,             S13_FIN,       SNAPSHOT | REKEYS, TO(S13_UP),                      gv_s13_finished },
    { MSG_KEY_UPDATE,           S13_UP,        UNHASHED | REKEYS, TO(S13_UP),                      gv_up13_key_update },

    /* RFC 5246 section 7.3 */
    { MSG_SESSION,              S12_LOOK_UP,   UNHASHED,          TO(S12_CERT) | TO(S12_CKE) | TO(S12_CCS) | TO(S12_SIGN), gv_s12_session },
    { MSG_SIGNATURE,            S12_SIGN,      UNHASHED,          TO(S12_CERT) | TO(S12_CKE),      gv_s12_signature },
    { MSG_CERTIFICATE,          S12_CERT,      0,                 TO(S12_CKE),                     gv_s12_certificate },
    { MSG_CLIENT_KEY_EXCHANGE,  S12_CKE,       0,                 TO(S12_CV) | TO(S12_CCS),        gv_s12_client_key_exchange },
    { MSG_CERTIFICATE_VERIFY,   S12_CV,        0,                 TO(S12_CCS),                     gv_s12_certificate_verify },
    { MSG_CHANGE_CIPHER_SPEC,   S12_CCS,       UNHASHED,          TO(S12_FIN),                     gv_s12_change_cipher_spec },
    { MSG_FINISHED,             S12_FIN,       SNAPSHOT,          TO(S12_UP),                      gv_s12_finished },
    { MSG_CLIENT_HELLO,         S12_UP,        UNHASHED,          TO(S12_UP),                      gv_up12_renegotiation },
    { 0, 0, 0, 0, NULL },
};
/* clang-format on */

static const char *const state_texts[HS_STATES] = {
#define X(name, text) [name] = text,
    HS_STATES_TABLE(X)
#undef X
};

const char *gv_hs_state_text(const struct hs *hs)
{
    return state_texts[hs->state];
}

bool gv_hs_is_over(const struct hs *hs)
{
    return hs->state == C13_UP || hs->state == S13_UP || hs->state == C12_UP || hs->state == S12_UP;
}

bool gv_hs_may_send_data(const struct hs *hs)
{
    const bool sent_finished = hs->state == S13_EARLY || hs->state == S13_FIN;
    const bool is_known = sent_finished &&
                          (hs->server->client_verifier == NULL || hs_is_by_psk(hs));

    return gv_hs_is_over(hs) || is_known;
}

bool gv_hs_takes_early_data(const struct hs *hs)
{
    return hs->state == S13_EARLY;
}

bool gv_hs_drops_change_cipher_spec(const struct hs *hs)
{
    return !gv_hs_is_over(hs) && hs->agreed.version == TLS13;
}

const struct detail *gv_hs_detail(const struct hs *hs)
{
    return hs->work == NULL || hs->work->detail.check == NULL ? NULL : &hs->work->detail;
}

/* ---- life ----------------------------------------------------------------------------------- */

enum gv_err gv_hs_take_memory(struct hs *hs, size_t n, void **out)
{
    *out = gv_arena_take(&hs->arena, n);
    if (*out == NULL)
        RAISE(NO_MEMORY);
    return GV_OK;
}

enum gv_err gv_hs_keep(struct hs *hs, struct span s, struct span *out)
{
    if (!gv_arena_copy(&hs->arena, s, out))
        RAISE(NO_MEMORY);
    return GV_OK;
}

enum gv_err gv_hs_begin(struct hs *hs, const struct hs_start *start)
{
    void *work;

    gv_arena_init(&hs->arena, HS_ARENA_LIMIT);
    TRY(gv_hs_take_memory(hs, sizeof *hs->work, &work));
    hs->work = work;
    hs->door = start->door;
    hs->connection = start->connection;
    hs->now = start->now;
    gv_detail_init(&hs->work->detail);
    return GV_OK;
}

/* Everything that only the handshake needed goes, wiped. */
static void end_work(struct hs *hs)
{
    if (hs->work == NULL)
        return;
    gv_key_exchange_drop(&hs->work->share);
    gv_transcript_drop(&hs->work->transcript);
    gv_ech_drop(hs->work);
    gv_ech_opener_drop(hs->work->ech_opener);
    gv_session_free(hs->work->session);
    gv_certified_key_free(hs->work->chosen);
    gv_arena_drop(&hs->arena);
    hs->work = NULL;
}

void gv_hs_drop(struct hs *hs)
{
    end_work(hs);
    gv_secret_wipe(&hs->exporter);
    gv_secret_wipe(&hs->resumption);
    gv_mem_free(hs->peer_memory);
    gv_mem_free(hs->name_memory);
    gv_psk_forget(hs);
    gv_mem_free(hs->ech_memory);
    hs->peer_memory = hs->name_memory = hs->ech_memory = NULL;
}

/* ---- the driver ------------------------------------------------------------------------------- */

enum gv_err gv_hs_at_record_end(const struct hs_in *in)
{
    if (!in->ends_record)
        RAISE(KEY_CHANGE_INSIDE_RECORD);
    return GV_OK;
}

static const struct hs_row *find_row(const struct hs *hs, uint16_t msg)
{
    const struct hs_row *row = hs->rows;
    while (row->step != NULL && (row->state != hs->state || row->msg != msg))
        row++;
    return row->step == NULL ? NULL : row;
}

static enum gv_err keep_transcript(struct hs *hs, const struct hs_row *row, struct span raw)
{
    struct span digest;

    if ((row->flags & UNHASHED) != 0)
        return GV_OK;
    if ((row->flags & FORK) != 0)
        hs->work->forked = hs->work->transcript.hash;
    if ((row->flags & SNAPSHOT) != 0)
        TRY(gv_transcript_peek(&hs->work->transcript, hs->work->before, &digest));
    return gv_transcript_add(&hs->work->transcript, &hs->arena, raw);
}

static enum gv_err take(struct hs *hs, const struct hs_in *arrived, const struct hs_now *now)
{
    const struct hs_row *row = find_row(hs, arrived->msg);
    struct hs_in in = *arrived;
    uint8_t next = HS_STATES;

    if (row == NULL && in.msg == MSG_CHANGE_CIPHER_SPEC)
        RAISE(UNEXPECTED_CONTENT);
    if (row == NULL)
        RAISE(UNEXPECTED_HANDSHAKE_MESSAGE); /* the only place that says so */
    if ((row->flags & REKEYS) != 0)
        TRY(gv_hs_at_record_end(&in));
    hs->now = *now;
    if ((row->flags & SEALED) != 0)
        TRY(gv_s_open_hello(hs, &in));
    TRY(keep_transcript(hs, row, in.raw));
    TRY(row->step(hs, &in, &next));
    if ((row->to & TO(next)) == 0)
        RAISE(INTERNAL); /* the row did not promise this */
    hs->state = next;
    if (gv_hs_is_over(hs))
        end_work(hs);
    return GV_OK;
}

enum gv_err gv_hs_take(struct hs *hs, struct span message, bool ends_record,
                       const struct hs_now *now)
{
    const struct hs_in in = {gv_wire_message_type(message), span_from(message, HANDSHAKE_HEADER),
                             message, ends_record};
    return take(hs, &in, now);
}

enum gv_err gv_hs_take_change_cipher_spec(struct hs *hs, const struct hs_now *now)
{
    const struct hs_in in = {.msg = MSG_CHANGE_CIPHER_SPEC, .ends_record = true};
    return take(hs, &in, now);
}

enum gv_err gv_hs_take_answer(struct hs *hs, const struct hs_answer *answer,
                              const struct hs_now *now)
{
    const struct hs_in in = {.msg = answer->to, .ends_record = true};

    if (gv_hs_awaits(hs) != answer->to)
        RAISE(NOTHING_PENDING);
    TRY(gv_hs_keep_answer(hs, answer));
    return take(hs, &in, now);
}
