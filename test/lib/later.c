/* Answers that come later. */
#include "lib/later.h"

#include "lib/sessions.h"

#include "base/mem.h"
#include "config/session_store.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MESSAGE_MAX = 32768, KEYS_MAX = 8 };

/* ---- signatures ----------------------------------------------------------------------------- */

static struct {
    const struct signing_key *key;
    uint16_t scheme;
    uint8_t message[MESSAGE_MAX];
    size_t len;
} to_sign;

static enum gv_err begin(const struct signing_key *key, void *userdata, uint16_t scheme,
                         struct span message, uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    (void)userdata, (void)out, (void)out_len;
    assert_true(message.len <= MESSAGE_MAX);
    span_copy(to_sign.message, message);
    to_sign.len = message.len;
    to_sign.scheme = scheme;
    to_sign.key = key;
    return GV_E_ANSWER_PENDING;
}

/* An error is an empty signature. */
static struct span signature(uint8_t out[SIGNATURE_MAX])
{
    const struct signing_key *key = to_sign.key;
    size_t len = 0;

    if (key->sign(key->impl, to_sign.scheme, span_of(to_sign.message, to_sign.len), out, &len) !=
        GV_OK)
        len = 0;
    return span_of(out, len);
}

/* ---- certificates --------------------------------------------------------------------------- */

static enum gv_err choose(const struct key_chooser *chooser, const struct hello_facts *hello,
                          void *userdata, const struct certified_key **out)
{
    (void)chooser, (void)hello, (void)userdata, (void)out;
    return GV_E_ANSWER_PENDING;
}

static enum gv_err choose_for_request(const struct client_key_chooser *chooser,
                                      const struct request_facts *request, void *userdata,
                                      const struct certified_key **out)
{
    (void)chooser, (void)request, (void)userdata, (void)out;
    return GV_E_ANSWER_PENDING;
}

/* The same certified key, whose signing key answers later. Kept for good, as the keys of lives. */
static const struct certified_key *elsewhere(const struct certified_key *key)
{
    static struct {
        struct certified_key certified;
        struct signing_key key;
    } kept[KEYS_MAX];
    size_t i = 0;

    while (i < KEYS_MAX && kept[i].certified.key != NULL && kept[i].key.impl != key->key)
        i++;
    assert_true(i < KEYS_MAX);
    if (kept[i].certified.key == NULL) {
        kept[i].certified = *key;
        kept[i].certified.key = &kept[i].key;
        gv_ref_init(&kept[i].certified.refs);
        kept[i].key = *key->key;
        kept[i].key.impl = key->key;
        kept[i].key.begin = begin;
        gv_ref_init(&kept[i].key.refs);
    }
    return &kept[i].certified;
}

/* ---- sessions ------------------------------------------------------------------------------- */

static struct session_store *behind; /* what is asked in truth */
static uint8_t found[SESSION_ENCODED_MAX];
static size_t found_len;

static bool put(const struct session_store *s, void *userdata, struct span key, struct span value)
{
    (void)s;
    return behind->put(behind, userdata, key, value);
}

static enum session_found get(const struct session_store *s, void *userdata, struct span key,
                              bool remove, struct session_room *out)
{
    (void)s, (void)out;
    found_len = 0;
    (void)sessions_get(behind, userdata, key, remove, found, sizeof found, &found_len);
    return SESSION_LATER;
}

static void free_store(struct session_store *s)
{
    (void)s;
    gv_session_store_free(behind);
    behind = NULL;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void move_keys(struct certified_key_list *keys)
{
    if (keys->count == 0 || keys->at[0]->key->begin == begin)
        return;
    const struct certified_key *key = elsewhere(keys->at[0]);
    assert_int_equal(gv_certified_key_list_set(keys, &key, 1), GV_OK);
}

void later_install(struct bare *p)
{
    static struct session_store store = {.put = put, .get = get, .free = free_store};

    move_keys(&p->client_config->common.keys);
    move_keys(&p->server_config->common.keys);
    p->client_config->chooser.choose = choose_for_request;
    p->server_config->chooser.choose = choose;
    if (p->server_config->sessions == NULL || p->server_config->sessions == &store)
        return;
    behind = p->server_config->sessions;
    p->server_config->sessions = &store;
}

static bool answer(struct connection *c, const struct config_common *config, enum gv_err *err)
{
    struct hs_answer a = {.to = gv_connection_awaits(c)};
    uint8_t out[SIGNATURE_MAX];

    if (a.to == 0)
        return false;
    if (a.to == MSG_SIGNATURE)
        a.bytes = signature(out);
    if (a.to == MSG_SESSION)
        a.bytes = span_of(found, found_len);
    if (a.to == MSG_CERTIFIED_KEY && config->keys.count != 0)
        a.key = config->keys.at[0];
    enum gv_err e = gv_connection_take_answer(c, &a);
    if (*err == GV_OK)
        *err = e;
    return true;
}

bool later_answer(struct bare *p)
{
    bool any = false;

    while (answer(p->client, &p->client_config->common, &p->client_err) ||
           answer(p->server, &p->server_config->common, &p->server_err))
        any = true;
    return any;
}
