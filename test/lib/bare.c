/* A client and a server in one process. */
#include "lib/bare.h"

#include "base/mem.h"
#include "pki/name.h"
#include "pki/pem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- configurations -------------------------------------------------------------------------------- */

static enum gv_err believe(const struct verifier *v, const struct certificate_question *q,
                           struct detail *detail)
{
    (void)v;
    (void)q;
    (void)detail;
    return GV_OK;
}

static void free_verifier(struct verifier *v)
{
    gv_mem_free(v);
}

struct verifier *bare_trusting_verifier(bool required)
{
    struct verifier *v = gv_mem_alloc(sizeof *v);

    if (v == NULL)
        return NULL;
    gv_ref_init(&v->refs);
    v->verify = believe;
    v->free = free_verifier;
    v->provider = gv_openssl_provider();
    v->required = required;
    return v;
}

static struct span read_file(const char *name, const char *suffix)
{
    static uint8_t memory[4][65536];
    static unsigned turn;
    uint8_t *to = memory[turn++ % 4];
    char path[512];

    snprintf(path, sizeof path, "%s/certs/%s%s", TEST_DIR, name, suffix);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "cannot open %s\n", path);
        exit(1);
    }
    size_t n = fread(to, 1, sizeof memory[0], f);
    fclose(f);
    return span_of(to, n);
}

const struct certified_key *bare_certified_key(const char *name)
{
    static const struct certified_key *cache[8];
    static char names[8][32];
    struct signing_key *key = NULL;
    struct certified_key *out = NULL;
    unsigned i = 0;

    while (i < 8 && names[i][0] != '\0' && strcmp(names[i], name) != 0)
        i++;
    if (i < 8 && cache[i] != NULL)
        return cache[i];
    struct span der = read_file(name, ".der");
    enum gv_err err = gv_openssl_provider()->load_key(read_file(name, "-pkcs8.der"), &key);
    if (err == GV_OK)
        err = gv_certified_key_new(&out, &der, 1, key, span_of(NULL, 0));
    gv_signing_key_free(key);
    if (err != GV_OK || i == 8) {
        fprintf(stderr, "cannot load the key of %s: %s\n", name, gv_err_text(err));
        exit(1);
    }
    snprintf(names[i], sizeof names[i], "%s", name);
    return cache[i] = out;
}

static bool fill(struct bare *p)
{
    const struct certified_key *key = bare_certified_key("p256");

    p->client_config = gv_client_config_new(gv_openssl_provider());
    p->server_config = gv_server_config_new(gv_openssl_provider());
    if (p->client_config == NULL || p->server_config == NULL)
        return false;
    p->client_config->common.tls13 = p->server_config->common.tls13 = true;
    p->client_config->common.tls12 = p->server_config->common.tls12 = false;
    p->client_config->verifier = bare_trusting_verifier(true);
    return p->client_config->verifier != NULL &&
           gv_certified_key_list_set(&p->server_config->common.keys, &key, 1) == GV_OK;
}

struct bare *bare_new(void)
{
    struct bare *p = calloc(1, sizeof *p);

    if (p != NULL && !fill(p)) {
        bare_free(p);
        return NULL;
    }
    return p;
}

enum gv_err bare_connect(struct bare *p)
{
    struct server_name name;

    bare_drop_connections(p);
    TRY(gv_server_name_parse(&name, span_str("localhost")));
    TRY(gv_connection_new_client(&p->client, p->client_config, &name, NULL));
    return gv_connection_new_server(&p->server, p->server_config);
}

/* What is to happen on the way stays. */
static void empty(struct pipe *pipe)
{
    pipe->start = pipe->end = pipe->passed = pipe->put = pipe->records = 0;
}

void bare_drop_connections(struct bare *p)
{
    gv_connection_free(p->client);
    gv_connection_free(p->server);
    p->client = p->server = NULL;
    p->client_err = p->server_err = GV_OK;
    empty(&p->to_client);
    empty(&p->to_server);
}

void bare_free(struct bare *p)
{
    if (p == NULL)
        return;
    bare_drop_connections(p);
    gv_client_config_free(p->client_config);
    gv_server_config_free(p->server_config);
    free(p);
}

/* ---- bytes ----------------------------------------------------------------------------------------------- */

static int into_pipe(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    struct pipe *pipe = userdata;

    if (pipe->start == pipe->end)
        pipe->start = pipe->end = 0;
    if (n > PIPE_MAX - pipe->end)
        n = PIPE_MAX - pipe->end;
    memcpy(pipe->at + pipe->end, buf, n);
    if (pipe->records < PIPE_RECORDS)
        pipe->record[pipe->records++] = pipe->put;
    pipe->end += n;
    pipe->put += n;
    *out_n = n;
    return 0;
}

static size_t before(size_t n, size_t passed, size_t place)
{
    return passed < place && n > place - passed ? place - passed : n;
}

static int out_of_pipe(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct pipe *pipe = userdata;
    size_t have = pipe->end - pipe->start;

    if (n > have)
        n = have;
    if (pipe->piece != 0 && n > pipe->piece)
        n = pipe->piece;
    n = before(n, pipe->passed, pipe->cut);
    n = before(n, pipe->passed, pipe->ends);
    if (pipe->ends != 0 && pipe->passed >= pipe->ends)
        n = 0;
    memcpy(buf, pipe->at + pipe->start, n);
    if (pipe->flip > pipe->passed && pipe->flip <= pipe->passed + n)
        buf[pipe->flip - 1 - pipe->passed] ^= pipe->flip_with;
    pipe->start += n;
    pipe->passed += n;
    *out_n = n;
    return 0;
}

static int at_end(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    (void)userdata;
    (void)buf;
    (void)n;
    *out_n = 0;
    return 0;
}

static void clear_faults(struct pipe *pipe)
{
    pipe->piece = pipe->cut = pipe->flip = pipe->ends = 0;
}

void bare_clear_faults(struct bare *p)
{
    clear_faults(&p->to_client);
    clear_faults(&p->to_server);
}

void bare_end(struct connection *c)
{
    size_t n;

    if (gv_connection_read_tls(c, at_end, NULL, &n) == 0)
        (void)gv_connection_process(c);
}

bool bare_collect(struct connection *from, struct pipe *pipe)
{
    bool moved = false;
    size_t n = 1;

    while (n != 0 && gv_connection_wants_write(from)) {
        if (gv_connection_write_tls(from, into_pipe, pipe, &n) != 0)
            break;
        moved = moved || n != 0;
    }
    return moved;
}

bool bare_deliver(struct pipe *pipe, struct connection *to, enum gv_err *err)
{
    bool moved = false;
    size_t n = 1;

    while (pipe->start != pipe->end && n != 0) {
        if (gv_connection_read_tls(to, out_of_pipe, pipe, &n) != 0)
            break;
        moved = moved || n != 0;
        enum gv_err e = gv_connection_process(to);
        if (*err == GV_OK)
            *err = e;
    }
    return moved;
}

void bare_run(struct bare *p)
{
    bool moved = true;

    for (unsigned round = 0; moved && round < 64; round++) {
        moved = bare_collect(p->client, &p->to_server);
        moved |= bare_deliver(&p->to_server, p->server, &p->server_err);
        moved |= bare_collect(p->server, &p->to_client);
        moved |= bare_deliver(&p->to_client, p->client, &p->client_err);
    }
}

/* Reads what is there and compares it with data from *done on. */
static bool drain(struct connection *to, struct span data, size_t *done)
{
    uint8_t buf[20000];
    size_t n = 1;

    while (n != 0 && gv_connection_read(to, buf, sizeof buf, &n) == GV_OK && n != 0) {
        if (n > data.len - *done || memcmp(buf, data.at + *done, n) != 0)
            return false;
        *done += n;
    }
    return true;
}

bool bare_transfer(struct bare *p, struct connection *from, struct span data)
{
    const bool up = from == p->client;
    struct connection *to = up ? p->server : p->client;
    struct pipe *pipe = up ? &p->to_server : &p->to_client;
    enum gv_err *err = up ? &p->server_err : &p->client_err;
    size_t sent = 0, done = 0;

    for (unsigned idle = 0; done != data.len && idle < 3; idle++) {
        size_t n = 0;
        if (gv_connection_write(from, span_from(data, sent), &n) != GV_OK)
            return false;
        sent += n;
        bare_collect(from, pipe);
        while (bare_deliver(pipe, to, err)) {
            size_t before = done;
            if (!drain(to, data, &done))
                return false;
            idle = done != before ? 0 : idle;
        }
        if (!drain(to, data, &done))
            return false;
    }
    return done == data.len;
}
