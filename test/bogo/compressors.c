/* The runner's three algorithms of certificate compression, which are made up: they put bytes before the
 * message, or take its first two away. Nothing that they make is smaller by more than its frame, and
 * so the library never sends it: what they are for is to be received. */
#include "api/objects.h"
#include "bogo/inside.h"
#include "compress/compress.h"

enum { SHRINKING = 0xff01, EXPANDING = 0xff02, RANDOM = 0xff03, RANDOM_PREFIX = 1 };
static const uint8_t shrinking[] = {0, 0}, expanding[] = {1, 2, 3, 4};

static enum gv_err pack(struct scratch *s, struct span in, uint8_t *out, size_t cap, size_t *len)
{
    (void)s, (void)in, (void)out, (void)cap;
    *len = 0;
    return GV_OK;
}

static enum gv_err unpack_shrunk(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    (void)s;
    if (len != in.len + sizeof shrinking)
        RAISE(CERT_UNPACK_FAILED);
    span_copy(out, SPAN_OF(shrinking));
    span_copy(out + sizeof shrinking, in);
    return GV_OK;
}

static enum gv_err unpack_prefixed(struct span in, struct span prefix, uint8_t *out, size_t len)
{
    if (in.len != len + prefix.len || !span_equal(span_of(in.at, prefix.len), prefix))
        RAISE(CERT_UNPACK_FAILED);
    span_copy(out, span_from(in, prefix.len));
    return GV_OK;
}

static enum gv_err unpack_expanded(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    (void)s;
    return unpack_prefixed(in, SPAN_OF(expanding), out, len);
}

static enum gv_err unpack_random(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    (void)s;
    return unpack_prefixed(in, span_of(in.at, RANDOM_PREFIX), out, len);
}

/* As BoringSSL's shim prefers them. */
static const struct cert_compressor all[] = {
    {.algorithm = EXPANDING, .name = "expanding", .pack = pack, .unpack = unpack_expanded},
    {.algorithm = SHRINKING, .name = "shrinking", .pack = pack, .unpack = unpack_shrunk},
    {.algorithm = RANDOM, .name = "random", .pack = pack, .unpack = unpack_random},
};

static void install(struct config_common *c, const struct options *o)
{
    struct compressor_list *list = &c->compressors;

    list->count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (o->install_cert_compression_algs ||
            o->install_one_cert_compression_alg == all[i].algorithm)
            list->at[list->count++] = &all[i];
}

void inside_compress(const struct rustls_client_config *client,
                     const struct rustls_server_config *server, const struct options *o)
{
    if (client != NULL)
        install(&((struct client_config *)in_client_config(client))->common, o);
    if (server != NULL)
        install(&((struct server_config *)in_server_config(server))->common, o);
}
