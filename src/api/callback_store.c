/* Sessions in a store that is two functions of the application's. What they answer is believed no
 * further than the buffer reaches: a store that fails, or lies, costs a full handshake. */
#include "api/callback_store.h"

#include "api/slices.h"
#include "base/mem.h"
#include "galvan.h"

struct callback_store {
    struct session_store store;
    rustls_session_store_get_callback get;
    rustls_session_store_put_callback put;
};

static bool put(const struct session_store *store, void *userdata, struct span key,
                struct span value)
{
    const struct callback_store *c = store->impl;
    const struct rustls_slice_bytes k = gv_api_bytes(key), v = gv_api_bytes(value);
    return c->put(userdata, &k, &v) == RUSTLS_RESULT_OK;
}

static enum session_found get(const struct session_store *store, void *userdata, struct span key,
                              bool remove, struct session_room *out)
{
    const struct callback_store *c = store->impl;
    const struct rustls_slice_bytes k = gv_api_bytes(key);
    size_t n = 0;
    uint32_t answer = c->get(userdata, &k, remove, out->at, out->cap, &n);
    if (answer == RUSTLS_RESULT_OK && n <= out->cap) {
        out->len = n;
        return SESSION_FOUND;
    }
    gv_wipe(out->at, out->cap); /* it may have written all the same */
    return answer == GALVAN_PENDING ? SESSION_LATER : SESSION_ABSENT;
}

static void free_store(struct session_store *store)
{
    gv_mem_free(store->impl);
}

enum gv_err gv_callback_store_new(struct session_store **out,
                                  rustls_session_store_get_callback get_cb,
                                  rustls_session_store_put_callback put_cb)
{
    struct callback_store *c = gv_mem_alloc(sizeof *c);
    if (c == NULL)
        RAISE(NO_MEMORY);
    *c = (struct callback_store){{put, get, NULL, free_store, c}, get_cb, put_cb};
    *out = &c->store;
    return GV_OK;
}
