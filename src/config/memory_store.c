/* The server's store in this process's memory. It is cut into shards by the key, each with a lock,
 * a hash table and a queue of its own, so that threads rarely wait for each other; a shard that is
 * full lets its oldest entry go.
 *
 * Keys are random bytes that a server of ours chose: their own bits are the hash. A client picks
 * the keys that it asks for, but none that are put, so it cannot make a chain long. */
#include "config/session_store.h"

#include "base/lock.h"
#include "base/mem.h"

enum { SHARDS_MAX = 8 };

struct entry {
    struct entry *next;          /* in its chain */
    struct entry *newer, *older; /* in its shard's queue */
    struct span key, value;      /* the bytes follow the struct */
    uint8_t bytes[];
};

struct shard {
    struct lock lock;
    struct entry **chains; /* `mask` + 1 of them, a power of two */
    size_t mask, capacity, count;
    struct entry *newest, *oldest;
};

struct memory {
    struct session_store store;
    size_t shards;
    struct shard shard[SHARDS_MAX];
};

/* ---- one shard, its lock held ---------------------------------------------------------------- */

/* The first byte of a key chooses the shard, the next ones the chain. */
static struct entry **chain_of(const struct shard *s, struct span key)
{
    size_t hash = 0;
    for (size_t i = 1; i < key.len && i <= sizeof hash; i++)
        hash = hash << 8 | key.at[i];
    return &s->chains[hash & s->mask];
}

/* Where the pointer to the entry of that key stands; the pointer is NULL where there is none. */
static struct entry **find(const struct shard *s, struct span key)
{
    struct entry **at = chain_of(s, key);
    while (*at != NULL && !span_equal((*at)->key, key))
        at = &(*at)->next;
    return at;
}

/* Takes the entry at that place out of chain and queue. */
static struct entry *pull(struct shard *s, struct entry **at)
{
    struct entry *e = *at;
    *at = e->next;
    *(e->newer == NULL ? &s->newest : &e->newer->older) = e->older;
    *(e->older == NULL ? &s->oldest : &e->older->newer) = e->newer;
    s->count--;
    return e;
}

static void push(struct shard *s, struct entry *e)
{
    struct entry **chain = chain_of(s, e->key);
    e->next = *chain;
    *chain = e;
    e->older = s->newest;
    *(s->newest == NULL ? &s->oldest : &s->newest->newer) = e;
    s->newest = e;
    s->count++;
}

/* ---- entries --------------------------------------------------------------------------------- */

static struct entry *new_entry(struct span key, struct span value)
{
    struct entry *e = gv_mem_alloc(sizeof *e + key.len + value.len);
    if (e == NULL)
        return NULL;
    span_copy(e->bytes, key);
    span_copy(e->bytes + key.len, value);
    e->key = span_of(e->bytes, key.len);
    e->value = span_of(e->bytes + key.len, value.len);
    return e;
}

static void free_entry(struct entry *e)
{
    if (e == NULL)
        return;
    gv_wipe(e->bytes, e->key.len + e->value.len);
    gv_mem_free(e);
}

/* ---- the store ------------------------------------------------------------------------------- */

static bool is_key(struct span key)
{
    return key.len != 0 && key.len <= SESSION_KEY_MAX;
}

static struct shard *shard_of(const struct session_store *store, struct span key)
{
    struct memory *m = store->impl;
    return &m->shard[key.at[0] % m->shards];
}

static bool put(const struct session_store *store, void *userdata, struct span key,
                struct span value)
{
    (void)userdata;
    if (!is_key(key) || value.len > SESSION_ENCODED_MAX)
        return false;
    struct entry *e = new_entry(key, value);
    if (e == NULL)
        return false;
    struct shard *s = shard_of(store, key);
    struct entry *gone = NULL;
    gv_lock_take(&s->lock);
    struct entry **before = find(s, key);
    if (*before != NULL)
        gone = pull(s, before);
    else if (s->count == s->capacity)
        gone = pull(s, find(s, s->oldest->key));
    push(s, e);
    gv_lock_leave(&s->lock);
    free_entry(gone);
    return true;
}

static enum session_found get(const struct session_store *store, void *userdata, struct span key,
                              bool remove, struct session_room *out)
{
    (void)userdata;
    if (!is_key(key))
        return SESSION_ABSENT;
    struct shard *s = shard_of(store, key);
    struct entry *gone = NULL;
    gv_lock_take(&s->lock);
    struct entry **at = find(s, key);
    bool found = *at != NULL && (*at)->value.len <= out->cap;
    if (found) {
        span_copy(out->at, (*at)->value);
        out->len = (*at)->value.len;
    }
    if (remove && *at != NULL)
        gone = pull(s, at);
    gv_lock_leave(&s->lock);
    free_entry(gone);
    return found ? SESSION_FOUND : SESSION_ABSENT;
}

static bool take_out(const struct session_store *store, struct span key)
{
    if (!is_key(key))
        return false;
    struct shard *s = shard_of(store, key);
    gv_lock_take(&s->lock);
    struct entry **at = find(s, key);
    struct entry *gone = *at == NULL ? NULL : pull(s, at);
    gv_lock_leave(&s->lock);
    free_entry(gone);
    return gone != NULL;
}

/* ---- its life -------------------------------------------------------------------------------- */

static enum gv_err shard_init(struct shard *s, size_t capacity)
{
    s->capacity = capacity;
    size_t chains = 1;
    while (chains < capacity && chains <= SIZE_MAX / 2 / sizeof *s->chains)
        chains *= 2;
    s->mask = chains - 1;
    s->chains = gv_mem_alloc(chains * sizeof *s->chains);
    if (s->chains == NULL)
        RAISE(NO_MEMORY);
    enum gv_err err = gv_lock_init(&s->lock);
    if (err != GV_OK)
        gv_mem_free(s->chains);
    return err;
}

static void shard_drop(struct shard *s)
{
    while (s->oldest != NULL)
        free_entry(pull(s, find(s, s->oldest->key)));
    gv_mem_free(s->chains);
    gv_lock_drop(&s->lock);
}

static void free_store(struct session_store *store)
{
    struct memory *m = store->impl;
    for (size_t i = 0; i < m->shards; i++)
        shard_drop(&m->shard[i]);
    gv_mem_free(m);
}

/* m->shards counts those that are complete, so that free_store can end a store half made. */
static enum gv_err make_shards(struct memory *m, size_t capacity)
{
    size_t wanted = capacity < SHARDS_MAX ? capacity : SHARDS_MAX;
    while (m->shards < wanted) {
        TRY(shard_init(&m->shard[m->shards], capacity / wanted));
        m->shards++;
    }
    return GV_OK;
}

enum gv_err gv_memory_store_new(struct session_store **out, size_t capacity)
{
    struct memory *m = gv_mem_alloc(sizeof *m);
    if (m == NULL)
        RAISE(NO_MEMORY);
    m->store = (struct session_store){put, get, take_out, free_store, m};
    enum gv_err err = make_shards(m, capacity == 0 ? 1 : capacity);
    if (err != GV_OK) {
        free_store(&m->store);
        return err;
    }
    *out = &m->store;
    return GV_OK;
}
