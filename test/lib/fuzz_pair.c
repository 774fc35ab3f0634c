/* Pairs for fuzzers. libcrypto's random numbers are replaced for the whole process. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "lib/fuzz_pair.h"

#include "lib/fake_provider.h"
#include "wire/codepoints.h"

#include <openssl/rand.h>
#include <stdlib.h>

/* ---- random numbers ---------------------------------------------------------------------------- */

static uint64_t drawn[2];
static bool of_server;

static int draw(unsigned char *out, int len)
{
    for (int i = 0; i < len; i++) {
        uint64_t x = ++drawn[of_server] * UINT64_C(0x9e3779b97f4a7c15);
        out[i] = (unsigned char)(x >> 53);
    }
    return 1;
}

static int is_seeded(void)
{
    return 1;
}

static void begin_random(void)
{
    static const RAND_METHOD method = {.bytes = draw, .pseudorand = draw, .status = is_seeded};
    static bool set;
    if (!set && RAND_set_rand_method(&method) != 1)
        abort();
    set = true;
    drawn[0] = 0;
    drawn[1] = UINT64_C(1) << 32;
    fake_provider_reset();
    fuzz_turn(false);
}

void fuzz_turn(bool server)
{
    of_server = server;
    fake_provider_stream(server);
}

/* ---- the pair ------------------------------------------------------------------------------------ */

static void set_versions(struct config_common *c, uint8_t options)
{
    c->tls12 = (options & (FUZZ_TLS12 | FUZZ_BOTH)) != 0;
    c->tls13 = (options & FUZZ_TLS12) == 0;
}

static void set_retry(struct bare *p)
{
    static struct provider narrowed;
    static const struct key_exchange_group *one[2];
    const struct key_exchange_group *const *g = p->server_config->common.provider->groups;

    narrowed = *p->server_config->common.provider;
    while (*g != NULL && (*g)->code != GROUP_SECP256R1)
        g++;
    one[0] = *g;
    narrowed.groups = one;
    p->server_config->common.provider = &narrowed;
}

/* Packed by zlib, which takes the shortest; unpacked by whatever there is. */
static void set_compression(struct config_common *c, uint8_t options)
{
    c->compressors.count = 0;
    if ((options & FUZZ_COMPRESS) == 0)
        return;
    if (gv_compressor_zlib != NULL)
        c->compressors.at[c->compressors.count++] = gv_compressor_zlib;
    if (gv_compressor_brotli != NULL)
        c->compressors.at[c->compressors.count++] = gv_compressor_brotli;
}

static bool set_psks(struct config_common *c)
{
    static const uint8_t key[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    const struct psk_source psks[] = {
        {.identity = span_str("a"), .key = SPAN_OF(key), .hash_len = 48},
        {.identity = span_str("b"), .key = SPAN_OF(key), .hash_len = 32, .imported = true},
    };
    return gv_psk_list_set(&c->psks, c->provider, psks, COUNT_OF(psks)) == GV_OK;
}

static bool set_client_auth(struct bare *p)
{
    const struct certified_key *key = bare_certified_key("p256");
    p->server_config->client_verifier = bare_trusting_verifier(false);
    return p->server_config->client_verifier != NULL &&
           gv_certified_key_list_set(&p->client_config->common.keys, &key, 1) == GV_OK;
}

static bool fill(struct bare *p, uint8_t options)
{
    static const struct span names[] = {{(const uint8_t *)"h2", 2},
                                        {(const uint8_t *)"http/1.1", 8}};
    const struct provider *provider = (options & FUZZ_REAL) != 0 ? gv_openssl_provider()
                                                                 : fake_provider();

    set_versions(&p->client_config->common, options);
    set_versions(&p->server_config->common, options);
    set_compression(&p->client_config->common, options);
    set_compression(&p->server_config->common, options);
    p->client_config->common.provider = p->server_config->common.provider = provider;
    if ((options & FUZZ_CLIENT_AUTH) != 0 && !set_client_auth(p))
        return false;
    if ((options & FUZZ_PSK) != 0 &&
        (!set_psks(&p->client_config->common) || !set_psks(&p->server_config->common)))
        return false;
    p->client_config->verifier->provider = provider;
    if (p->server_config->client_verifier != NULL)
        p->server_config->client_verifier->provider = provider;
    if ((options & FUZZ_RETRY) != 0)
        set_retry(p);
    return gv_alpn_list_set(&p->client_config->common.alpn, names, 2) == GV_OK &&
           gv_alpn_list_set(&p->server_config->common.alpn, names, 2) == GV_OK;
}

struct bare *fuzz_pair(uint8_t options)
{
    begin_random();
    struct bare *p = bare_new();
    if (p != NULL && fill(p, options) && bare_connect(p) == GV_OK)
        return p;
    fuzz_pair_free(p);
    return NULL;
}

void fuzz_pair_free(struct bare *p)
{
    if (p == NULL)
        return;
    bare_drop_connections(p);
    p->client_config->common.provider = p->server_config->common.provider = gv_openssl_provider();
    bare_free(p);
}

/* ---- feeding ------------------------------------------------------------------------------------- */

struct feed {
    struct span left;
    size_t piece;
};

static int from_feed(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct feed *f = userdata;
    if (n > f->left.len)
        n = f->left.len;
    if (f->piece != 0 && n > f->piece)
        n = f->piece;
    span_copy(buf, span_of(f->left.at, n));
    f->left = span_from(f->left, n);
    *out_n = n;
    return 0;
}

static int away(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    (void)userdata;
    (void)buf;
    *out_n = n;
    return 0;
}

static void let_go(struct connection *c)
{
    uint8_t plain[512];
    size_t n = 1;
    while (gv_connection_wants_write(c) && gv_connection_write_tls(c, away, NULL, &n) == 0)
        continue;
    n = 1;
    while (n != 0 && gv_connection_read(c, plain, sizeof plain, &n) == GV_OK)
        continue;
}

void fuzz_feed(struct bare *p, bool server, struct span bytes, size_t piece)
{
    struct connection *c = server ? p->server : p->client;
    struct feed f = {bytes, piece};
    size_t n = 1;

    fuzz_turn(server);
    let_go(c);
    while (f.left.len != 0 && gv_connection_read_tls(c, from_feed, &f, &n) == 0 && n != 0) {
        enum gv_err err = gv_connection_process(c);
        let_go(c);
        if (err != gv_connection_failure(c)->err) /* an error sticks */
            abort();
        if (err != GV_OK)
            break;
    }
    gv_connection_send_close_notify(c);
    bare_end(c);
    let_go(c);
}
