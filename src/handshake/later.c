/* Questions that somebody on our side may answer later: who signs, who chooses a certified key, who
 * looks a session up. One is open at a time, the state says which, and its answer is the one message
 * that may come. */
#include "handshake/resume.h"

uint16_t gv_hs_awaits(const struct hs *hs)
{
    switch (hs->state) {
    case C13_SIGN:
    case S13_SIGN:
    case C12_SIGN:
    case S12_SIGN:
        return MSG_SIGNATURE;
    case C13_CHOOSE:
    case C12_CHOOSE:
    case S_CHOOSE:
        return MSG_CERTIFIED_KEY;
    case S13_LOOK_UP:
    case S12_LOOK_UP:
        return MSG_SESSION;
    default:
        return 0;
    }
}

enum gv_err gv_hs_wait(const struct hs_in *in, uint8_t state, uint8_t *next)
{
    *next = state;
    return gv_hs_at_record_end(in); /* the peer has nothing to say before our answer */
}

/* The ClientHello lies where the next record will come, or was kept before. */
enum gv_err gv_hs_wait_with_hello(struct hs *hs, const struct hs_in *in, uint8_t state,
                                  uint8_t *next)
{
    if (hs->work->hello.at != in->raw.at)
        TRY(gv_hs_keep(hs, in->raw, &hs->work->hello));
    return gv_hs_wait(in, state, next);
}

struct hs_in gv_hs_kept_hello(const struct hs *hs)
{
    const struct span raw = hs->work->hello;
    return (struct hs_in){MSG_CLIENT_HELLO, span_from(raw, HANDSHAKE_HEADER), raw, true};
}

static enum gv_err keep_signature(struct hs *hs, struct span signature)
{
    if (signature.len == 0 || signature.len > SIGNATURE_MAX)
        RAISE(SIGNATURE_REFUSED);
    return gv_hs_keep(hs, signature, &hs->work->signature);
}

enum gv_err gv_hs_keep_answer(struct hs *hs, const struct hs_answer *answer)
{
    if (answer->to == MSG_SIGNATURE)
        return keep_signature(hs, answer->bytes);
    if (answer->to == MSG_SESSION)
        gv_resume_keep_answer(hs, answer->bytes);
    if (answer->key != NULL)
        hs->work->chosen = gv_certified_key_ref(answer->key);
    return GV_OK;
}
