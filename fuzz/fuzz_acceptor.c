/* What a client sends to an acceptor, any bytes, read in pieces of any one size (the first byte says
 * which; 0: all at once), and what becomes of it: facts that can all be walked, and a connection or
 * an alert. */
#include "connection/acceptor.h"
#include "lib/bare.h"
#include "lib/fake_provider.h"
#include "wire/hello.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

struct input {
    struct span rest;
    size_t piece;
};

static int read_input(void *input, uint8_t *buf, size_t n, size_t *out_n)
{
    struct input *in = input;
    size_t given = in->rest.len < n ? in->rest.len : n;
    if (in->piece != 0 && given > in->piece)
        given = in->piece;
    span_copy(buf, span_of(in->rest.at, given));
    in->rest = span_from(in->rest, given);
    *out_n = given;
    return 0;
}

static int count_output(void *total, const uint8_t *buf, size_t n, size_t *out_n)
{
    must(buf != NULL && n != 0);
    *(size_t *)total += n;
    *out_n = n;
    return 0;
}

static size_t output_of(struct connection *c)
{
    size_t total = 0, n = 0;
    while (gv_connection_wants_write(c))
        must(gv_connection_write_tls(c, count_output, &total, &n) == 0 && n != 0);
    return total;
}

/* Every list was found well-formed. */
static void walk(const struct hello_facts *hello)
{
    struct span rest = hello->alpn, name;
    size_t len = 0;
    while (gv_next_vec8(&rest, &name))
        len += 1 + name.len;
    must(len == hello->alpn.len && rest.len == 0);
    must(hello->suites.len % 2 == 0 && hello->schemes.len % 2 == 0 && hello->groups.len % 2 == 0);
    for (size_t i = 0; i < hello->server_name.len; i++)
        len += hello->server_name.at[i];
    must(len != SIZE_MAX);
}

static struct bare *configs(void)
{
    static struct bare *p;
    if (p == NULL) {
        p = bare_new();
        must(p != NULL);
        p->server_config->common.provider = fake_provider();
        p->server_config->common.tls12 = true;
    }
    return p;
}

static void answer(struct accepted *accepted)
{
    struct connection *c = NULL, *failed = NULL;
    walk(gv_accepted_hello(accepted));
    enum gv_err err = gv_accepted_into_connection(accepted, configs()->server_config, &c, &failed);
    must((err == GV_OK) == (c != NULL) && (err == GV_OK) == (failed == NULL));
    must(gv_accepted_hello(accepted)->suites.len == 0);
    must(err == GV_OK ? output_of(c) > 7 : gv_connection_failure(failed)->err == err);
    gv_connection_free(c);
    gv_connection_free(failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct acceptor *acceptor = gv_acceptor_new();
    struct accepted *accepted = NULL;
    struct connection *failed = NULL;
    enum gv_err err = GV_E_ACCEPTOR_NOT_READY;
    size_t n = 1;
    if (size == 0 || acceptor == NULL) {
        gv_acceptor_free(acceptor);
        return 0;
    }
    struct input in = {span_of(data + 1, size - 1), data[0]};
    fake_provider_reset();
    while (err == GV_E_ACCEPTOR_NOT_READY && n != 0) {
        must(gv_acceptor_read_tls(acceptor, read_input, &in, &n) == 0);
        err = gv_acceptor_accept(acceptor, &accepted, &failed);
    }
    if (err == GV_OK)
        answer(accepted);
    else if (err != GV_E_ACCEPTOR_NOT_READY)
        must(output_of(failed) == 7); /* one alert in the clear */
    gv_accepted_free(accepted);
    gv_connection_free(failed);
    gv_acceptor_free(acceptor);
    return 0;
}
