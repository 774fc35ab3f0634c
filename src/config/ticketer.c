/* Tickets: sessions sealed so that only the holder of a key can read or make them. A ticket is
 *
 *     key name (16) | salt (24) | sealed session, with the AEAD's tag (16)
 *
 * and name and salt are authenticated with it. Each is sealed under an AEAD key of its own, derived
 * by HKDF-Expand from the named key's secret and the salt, and used once: its nonce is zero. So
 * nothing is counted, and nothing need be: a fleet of servers, threads, and processes after a fork()
 * share a secret without knowing of each other's tickets, and an AEAD key comes twice only where two
 * random salts of 192 bits are equal (after 2^64 tickets of one secret: 2^-65). What fork() copies
 * is the secret alone; salts come from the provider's generator, which reseeds itself in a child.
 * A 96-bit random nonce under the named key itself would bound the tickets of a whole fleet by 2^32
 * (NIST SP 800-38D section 8.3), which no member of it could count.
 *
 * A key is in the ring only when all of it was drawn or given: there is no moment at which a ticket
 * is sealed, or opened, under a key that is unset. */
#include "config/session_store.h"

#include "base/lock.h"
#include "base/mem.h"
#include "base/writer.h"
#include "crypto/hkdf.h"

enum {
    NAME_LEN = 16,
    SALT_LEN = 24,
    HEAD_LEN = NAME_LEN + SALT_LEN,
    OVERHEAD = HEAD_LEN + AEAD_TAG,
    UNUSED = -1 /* drawn, and nothing sealed with it yet */
};

static const int64_t rotation_ms = (int64_t)TICKET_ROTATION * 1000;

struct ticket_key {
    uint8_t name[NAME_LEN], secret[TICKET_KEY_LEN - NAME_LEN];
    int64_t since_ms; /* when it was first used; UNUSED */
};

struct ticketer {
    const struct provider *provider;
    const struct aead_alg *aead;
    const struct hash_alg *hash; /* HKDF's */
    bool rotates;
    struct lock lock; /* over all below */
    size_t count;
    struct ticket_key ring[TICKET_KEYS_MAX]; /* the first seals */
};

/* ---- its life -------------------------------------------------------------------------------- */

/* The strongest AEAD and the fastest hash that the suites have. */
static void choose(struct ticketer *t)
{
    for (size_t i = 0; t->provider->suites[i] != NULL; i++) {
        const struct cipher_suite_info *suite = t->provider->suites[i];
        if (t->aead == NULL || suite->aead->key_len > t->aead->key_len)
            t->aead = suite->aead;
        if (t->hash == NULL || suite->hash->len < t->hash->len)
            t->hash = suite->hash;
    }
}

static enum gv_err new_ticketer(struct ticketer **out, const struct provider *provider)
{
    if (provider->suites[0] == NULL)
        RAISE(CRYPTO_FAILED);
    struct ticketer *t = gv_mem_alloc(sizeof *t);
    if (t == NULL)
        RAISE(NO_MEMORY);
    enum gv_err err = gv_lock_init(&t->lock);
    if (err != GV_OK) {
        gv_mem_free(t);
        return err;
    }
    t->provider = gv_provider_ref(provider);
    choose(t);
    *out = t;
    return GV_OK;
}

void gv_ticketer_free(struct ticketer *t)
{
    if (t == NULL)
        return;
    gv_provider_free(t->provider);
    gv_lock_drop(&t->lock);
    gv_wipe(t, sizeof *t);
    gv_mem_free(t);
}

static enum gv_err draw_key(const struct provider *provider, struct ticket_key *key)
{
    key->since_ms = UNUSED;
    TRY(provider->random(key->name, sizeof key->name));
    return provider->random(key->secret, sizeof key->secret);
}

/* The first key is drawn here, so that processes forked from this one share it, until each of them
 * changes to a key of its own. */
enum gv_err gv_ticketer_new(struct ticketer **out, const struct provider *provider)
{
    struct ticketer *t;
    TRY(new_ticketer(&t, provider));
    enum gv_err err = draw_key(provider, &t->ring[0]);
    if (err != GV_OK) {
        gv_ticketer_free(t);
        return err;
    }
    t->rotates = true;
    t->count = 1;
    *out = t;
    return GV_OK;
}

static bool are_usable(const uint8_t (*keys)[TICKET_KEY_LEN], size_t count)
{
    static const uint8_t unset[TICKET_KEY_LEN - NAME_LEN];
    if (count == 0 || count > TICKET_KEYS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (gv_secret_equal(span_of(keys[i] + NAME_LEN, sizeof unset), SPAN_OF(unset)))
            return false;
        for (size_t k = 0; k < i; k++)
            if (memcmp(keys[i], keys[k], NAME_LEN) == 0)
                return false;
    }
    return true;
}

enum gv_err gv_ticketer_new_with_keys(struct ticketer **out, const struct provider *provider,
                                      const uint8_t (*keys)[TICKET_KEY_LEN], size_t count)
{
    if (!are_usable(keys, count))
        RAISE(TICKET_KEYS_INVALID);
    struct ticketer *t;
    TRY(new_ticketer(&t, provider));
    for (size_t i = 0; i < count; i++) {
        memcpy(t->ring[i].name, keys[i], NAME_LEN);
        memcpy(t->ring[i].secret, keys[i] + NAME_LEN, sizeof t->ring[i].secret);
    }
    t->count = count;
    *out = t;
    return GV_OK;
}

uint32_t gv_ticketer_lifetime(const struct ticketer *t)
{
    return t->rotates ? (uint32_t)TICKET_ROTATION : (uint32_t)SESSION_LIFETIME_MAX;
}

/* ---- the ring of keys, its lock held --------------------------------------------------------- */

/* The time between a key's first use and now, in whichever direction: a clock that was put back
 * far ages a key as well, so that none is used for longer than it should be. */
static int64_t age_of(const struct ticket_key *key, int64_t now_ms)
{
    if (key->since_ms == UNUSED)
        return 0;
    return now_ms > key->since_ms ? now_ms - key->since_ms : key->since_ms - now_ms;
}

/* Puts a new key in front; the one before stays for as long as it is opened. */
static enum gv_err rotate(struct ticketer *t, int64_t now_ms)
{
    struct ticket_key fresh;
    enum gv_err err = draw_key(t->provider, &fresh);
    if (err == GV_OK) {
        t->ring[1] = t->ring[0];
        t->ring[0] = fresh;
        t->ring[0].since_ms = now_ms;
        t->count = 2;
    }
    gv_wipe(&fresh, sizeof fresh);
    return err;
}

/* Forgets keys under which nothing is opened any more. */
static void expire(struct ticketer *t, int64_t now_ms)
{
    while (t->count > 1 && age_of(&t->ring[t->count - 1], now_ms) >= 2 * rotation_ms) {
        t->count--;
        gv_wipe(&t->ring[t->count], sizeof t->ring[0]);
    }
}

static enum gv_err bring_up_to_date(struct ticketer *t, int64_t now_ms)
{
    if (!t->rotates)
        return GV_OK;
    if (t->ring[0].since_ms == UNUSED)
        t->ring[0].since_ms = now_ms;
    if (age_of(&t->ring[0], now_ms) >= rotation_ms)
        TRY(rotate(t, now_ms));
    expire(t, now_ms);
    return GV_OK;
}

/* ---- tickets --------------------------------------------------------------------------------- */

static enum gv_err sealing_key(struct ticketer *t, int64_t now_ms, struct ticket_key *out)
{
    gv_lock_take(&t->lock);
    enum gv_err err = bring_up_to_date(t, now_ms);
    if (err == GV_OK)
        *out = t->ring[0];
    gv_lock_leave(&t->lock);
    return err;
}

static bool opens(const struct ticketer *t, const struct ticket_key *key, int64_t now_ms)
{
    return !t->rotates || age_of(key, now_ms) < 2 * rotation_ms;
}

static bool opening_key(struct ticketer *t, int64_t now_ms, struct span name,
                        struct ticket_key *out)
{
    bool found = false;
    gv_lock_take(&t->lock);
    (void)bring_up_to_date(t, now_ms); /* no new key to be had is no reason to refuse an old one */
    for (size_t i = 0; i < t->count && !found; i++)
        if (span_equal(SPAN_OF(t->ring[i].name), name) && opens(t, &t->ring[i], now_ms)) {
            *out = t->ring[i];
            found = true;
        }
    gv_lock_leave(&t->lock);
    return found;
}

static const uint8_t nonce[AEAD_NONCE];

/* Puts the key of the one ticket with that salt into a, which must be dropped whatever the result. */
static enum gv_err key_aead(const struct ticketer *t, struct aead *a, const struct ticket_key *key,
                            struct span salt, bool seal)
{
    static const char label[] = "galvan ticket";
    struct hmac secret;
    uint8_t derived[AEAD_KEY_MAX], info[sizeof label - 1 + SALT_LEN];
    struct wr w = wr_of(info, sizeof info);
    wr_bytes(&w, span_str(label));
    wr_bytes(&w, salt);
    *a = (struct aead){NULL, NULL};
    TRY(gv_hmac_key(&secret, t->hash, SPAN_OF(key->secret)));
    enum gv_err err = gv_hkdf_expand(&secret, wr_span(&w), derived, t->aead->key_len);
    if (err == GV_OK)
        err = t->aead->key(t->aead, a, derived, seal);
    gv_hmac_drop(&secret);
    gv_wipe(derived, sizeof derived);
    return err;
}

static enum gv_err seal_under(const struct ticketer *t, const struct ticket_key *key,
                              struct span plain, uint8_t *out)
{
    const struct span head = span_of(out, HEAD_LEN), no_tail = {NULL, 0};
    struct aead a;
    memcpy(out, key->name, NAME_LEN);
    TRY(t->provider->random(out + NAME_LEN, SALT_LEN));
    enum gv_err err = key_aead(t, &a, key, span_from(head, NAME_LEN), true);
    if (err == GV_OK)
        err = t->aead->seal(&a, nonce, head, plain, no_tail, out + HEAD_LEN);
    gv_aead_drop(&a);
    return err;
}

enum gv_err gv_ticketer_seal(struct ticketer *t, int64_t now_ms, struct span plain, uint8_t *out,
                             size_t cap, size_t *out_len)
{
    if (cap < OVERHEAD || plain.len > cap - OVERHEAD)
        RAISE(INTERNAL);
    if (now_ms < 0)
        RAISE(NO_CLOCK);
    struct ticket_key key;
    TRY(sealing_key(t, now_ms, &key));
    enum gv_err err = seal_under(t, &key, plain, out);
    gv_wipe(&key, sizeof key);
    if (err == GV_OK)
        *out_len = OVERHEAD + plain.len;
    return err;
}

static enum gv_err open_under(const struct ticketer *t, const struct ticket_key *key,
                              struct span ticket, uint8_t *out)
{
    const struct span head = span_of(ticket.at, HEAD_LEN), sealed = span_from(ticket, HEAD_LEN);
    struct aead a;
    enum gv_err err = key_aead(t, &a, key, span_from(head, NAME_LEN), false);
    if (err == GV_OK) {
        memcpy(out, sealed.at, sealed.len);
        err = t->aead->open(&a, nonce, head, out, sealed.len);
        if (err != GV_OK)
            gv_wipe(out, sealed.len);
    }
    gv_aead_drop(&a);
    return err;
}

bool gv_ticketer_open(struct ticketer *t, int64_t now_ms, struct span ticket, uint8_t *out,
                      size_t cap, size_t *out_len)
{
    if (now_ms < 0 || ticket.len < OVERHEAD || cap < ticket.len)
        return false;
    struct ticket_key key;
    if (!opening_key(t, now_ms, span_of(ticket.at, NAME_LEN), &key))
        return false;
    bool opened = open_under(t, &key, ticket, out) == GV_OK;
    gv_wipe(&key, sizeof key);
    if (opened)
        *out_len = ticket.len - OVERHEAD;
    return opened;
}
