/* The scripted peer's own writer, and hellos as parts that a test may change. */
#include "lib/exact.h"
#include "lib/script.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- writing --------------------------------------------------------------------------------- */

void put_uint(struct put *p, size_t width, uint64_t v)
{
    assert_true(p->len + width <= PUT_MAX);
    for (size_t i = 0; i < width; i++)
        p->at[p->len++] = (uint8_t)(v >> 8 * (width - 1 - i));
}

void put_span(struct put *p, struct span s)
{
    assert_true(p->len + s.len <= PUT_MAX);
    span_copy(p->at + p->len, s);
    p->len += s.len;
}

static void insert(struct put *p, size_t at, size_t width, uint64_t v)
{
    assert_true(p->len + width <= PUT_MAX);
    memmove(p->at + at + width, p->at + at, p->len - at);
    for (size_t i = 0; i < width; i++)
        p->at[at + i] = (uint8_t)(v >> 8 * (width - 1 - i));
    p->len += width;
}

void put_vec(struct put *p, size_t from, size_t width)
{
    insert(p, from, width, p->len - from);
}

void put_header(struct put *p, size_t from, uint8_t type)
{
    put_vec(p, from, 3);
    insert(p, from, 1, type);
}

/* ---- hellos ---------------------------------------------------------------------------------- */

void hello_add(struct hello *h, uint16_t code, const char *body)
{
    assert_true(h->extensions < HELLO_EXTENSIONS);
    h->extension[h->extensions].code = code;
    h->extension[h->extensions++].body = exact_hex(body);
}

void hello_set_span(struct hello *h, uint16_t code, struct span body)
{
    size_t i = 0;
    while (i < h->extensions && h->extension[i].code != code)
        i++;
    if (i == h->extensions)
        hello_add(h, code, "");
    h->extension[i].body = body;
}

void hello_set(struct hello *h, uint16_t code, const char *body)
{
    hello_set_span(h, code, exact_hex(body));
}

void hello_drop(struct hello *h, uint16_t code)
{
    size_t kept = 0;
    for (size_t i = 0; i < h->extensions; i++)
        if (h->extension[i].code != code)
            h->extension[kept++] = h->extension[i];
    h->extensions = kept;
}

bool hello_has(const struct hello *h, uint16_t code)
{
    size_t i = 0;
    while (i < h->extensions && h->extension[i].code != code)
        i++;
    return i < h->extensions;
}

void put_hello(struct put *p, const struct hello *h)
{
    const bool is_client = h->type == MSG_CLIENT_HELLO;
    size_t start = p->len, at;

    put_uint(p, 2, h->version);
    put_span(p, h->random);
    at = p->len;
    put_span(p, h->session_id);
    put_vec(p, at, 1);
    at = p->len;
    put_span(p, h->suites);
    if (is_client)
        put_vec(p, at, 2);
    at = p->len;
    put_span(p, h->compressions);
    if (is_client)
        put_vec(p, at, 1);
    at = p->len;
    for (size_t i = 0; i < h->extensions; i++) {
        put_uint(p, 2, h->extension[i].code);
        put_uint(p, 2, h->extension[i].body.len);
        put_span(p, h->extension[i].body);
    }
    put_vec(p, at, 2);
    put_header(p, start, h->type);
}
