/* Certificates: any bytes. What is read lies inside of them. */
#include "pki/cert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static bool is_inside(struct span part, struct span whole)
{
    return part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void check_places(const struct certificate *c, struct span whole)
{
    const struct span parts[] = {c->der,           c->tbs,      c->signature_algorithm,
                                 c->key_algorithm, c->serial,   c->issuer,
                                 c->validity,      c->subject,  c->spki,
                                 c->public_key,    c->signature};

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        must(is_inside(parts[i], whole));
    for (size_t i = 0; i < EXT_COUNT; i++)
        must(is_inside(c->ext[i], whole));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct certificate c;
    int64_t from, to;

    if (gv_cert_parse(span_of(data, size), &c) != GV_OK)
        return 0;
    check_places(&c, span_of(data, size));
    if (gv_cert_validity(&c, &from, &to) == GV_OK)
        must(from >= INT64_C(-631152000)); /* 1950, where UTCTime begins (RFC 5280 4.1.2.5.1) */
    return 0;
}
