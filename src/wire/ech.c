/* Encrypted Client Hello on the wire. */
#include "wire/ech.h"

/* ---- configurations ------------------------------------------------------------------------------ */

enum { EXTENSION_MANDATORY = 0x8000 }; /* section 4.2 */

static void read_extensions(struct rd *r, struct ech_config *out)
{
    uint8_t met[65536 / 8] = {0}; /* a bit for each possible type: repetition in linear time */

    out->extensions = rd_vec(r, 2, 0, 65535);
    struct rd list = rd_of(out->extensions);
    while (rd_more(&list)) {
        uint16_t type = rd_u16(&list);
        rd_vec(&list, 2, 0, 65535);
        out->extensions_mandatory |= (type & EXTENSION_MANDATORY) != 0;
        out->extensions_repeated |= (met[type / 8] & 1u << type % 8) != 0;
        met[type / 8] |= (uint8_t)(1u << type % 8);
    }
    if (!rd_end(&list))
        rd_fail(r);
}

/* ECHConfigContents. */
static void read_contents(struct rd *r, struct ech_config *out)
{
    out->id = rd_u8(r);
    out->kem = rd_u16(r);
    out->public_key = rd_vec(r, 2, 1, 65535);
    out->suites = rd_list(r, 2, 4);
    out->name_len_max = rd_u8(r);
    out->public_name = rd_vec(r, 1, 1, ECH_NAME_LEN_MAX);
    read_extensions(r, out);
}

static void read_config(struct rd *r, struct ech_config *out)
{
    const uint8_t *start = r->at;

    *out = (struct ech_config){0};
    out->version = rd_u16(r);
    struct rd contents = rd_of(rd_vec(r, 2, 0, 65535));
    out->whole = span_of(start, r->bad ? 0 : (size_t)(r->at - start));
    if (out->version != ECH_VERSION)
        return;
    read_contents(&contents, out);
    if (!rd_end(&contents))
        rd_fail(r);
}

enum gv_err gv_wire_read_ech_configs(struct span bytes, struct span *list)
{
    struct rd r = rd_of(bytes);
    struct ech_config config;

    *list = rd_vec(&r, 2, 4, 65535);
    struct rd configs = rd_of(*list);
    while (rd_more(&configs))
        read_config(&configs, &config);
    if (!rd_end(&configs) || !rd_end(&r))
        RAISE(DECODE_ECH_CONFIGS);
    return GV_OK;
}

bool gv_next_ech_config(struct span *list, struct ech_config *out)
{
    struct rd r = rd_of(*list);

    if (!rd_more(&r))
        return false;
    read_config(&r, out);
    *list = (struct span){r.at, r.left};
    return !r.bad;
}

bool gv_next_ech_suite(struct span *suites, struct ech_suite *out)
{
    struct rd r = rd_of(*suites);

    if (!rd_more(&r))
        return false;
    out->kdf = rd_u16(&r);
    out->aead = rd_u16(&r);
    *suites = (struct span){r.at, r.left};
    return !r.bad;
}

void gv_wire_write_ech_config(struct wr *w, const struct ech_config *c)
{
    wr_u16(w, ECH_VERSION);
    WR_VEC(w, 2) {
        wr_u8(w, c->id);
        wr_u16(w, c->kem);
        WR_VEC(w, 2)
            wr_bytes(w, c->public_key);
        WR_VEC(w, 2)
            wr_bytes(w, c->suites);
        wr_u8(w, c->name_len_max);
        WR_VEC(w, 1)
            wr_bytes(w, c->public_name);
        WR_VEC(w, 2)
            wr_bytes(w, c->extensions);
    }
}

/* ---- public names ---------------------------------------------------------------------------------- */

enum { LABEL_MAX = 63 }; /* bytes; RFC 1035 section 2.3.4 */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter_or_digit(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool are_all(bool is(uint8_t c), struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is(s.at[i]))
            return false;
    return true;
}

static bool is_ldh_label(struct span s)
{
    if (s.len == 0 || s.len > LABEL_MAX || s.at[0] == '-' || s.at[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter_or_digit(s.at[i]) && s.at[i] != '-')
            return false;
    return true;
}

/* Some take these for numbers, and a name that ends with one for an IPv4 address. */
static bool is_number(struct span label)
{
    const bool is_0x = label.len >= 2 && label.at[0] == '0' && (label.at[1] | 0x20) == 'x';
    return are_all(is_digit, label) || (is_0x && are_all(is_hex, span_from(label, 2)));
}

bool gv_ech_is_public_name(struct span name)
{
    for (;;) {
        const uint8_t *dot = name.len == 0 ? NULL : memchr(name.at, '.', name.len);
        struct span label = span_of(name.at, dot == NULL ? name.len : (size_t)(dot - name.at));
        if (!is_ldh_label(label))
            return false;
        if (dot == NULL)
            return !is_number(label);
        name = span_from(name, label.len + 1);
    }
}

/* ---- the extension ----------------------------------------------------------------------------------- */

bool gv_ech_read_hello(struct rd *r, struct ech_hello *out)
{
    *out = (struct ech_hello){.type = rd_u8(r)};
    if (r->bad || out->type == ECH_INNER)
        return !r->bad;
    if (out->type != ECH_OUTER) {
        rd_rest(r);
        return true;
    }
    out->suite.kdf = rd_u16(r);
    out->suite.aead = rd_u16(r);
    out->config_id = rd_u8(r);
    out->enc = rd_vec(r, 2, 0, 65535);
    out->payload = rd_vec(r, 2, 1, 65535);
    return !r->bad;
}

void gv_ech_write_hello(struct wr *w, const struct ech_hello *e)
{
    wr_u8(w, e->type);
    if (e->type != ECH_OUTER)
        return;
    wr_u16(w, e->suite.kdf);
    wr_u16(w, e->suite.aead);
    wr_u8(w, e->config_id);
    WR_VEC(w, 2)
        wr_bytes(w, e->enc);
    WR_VEC(w, 2)
        wr_bytes(w, e->payload);
}

/* ---- the inner hello ------------------------------------------------------------------------------------ */

size_t gv_ech_padding(size_t len, size_t name_len, uint8_t name_len_max)
{
    enum { SERVER_NAME_OVERHEAD = 9, STEP = 32 };
    const size_t longest = name_len_max == 0 ? ECH_NAME_LEN_MAX : name_len_max;
    size_t padding = 0;

    if (name_len == 0)
        padding = longest + SERVER_NAME_OVERHEAD;
    else if (name_len < longest)
        padding = longest - name_len;
    return padding + (STEP - 1) - (len + padding - 1) % STEP;
}
