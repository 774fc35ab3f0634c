/* PEM: lines, then labels, then base64. */
#include "pki/pem.h"

static const char begin_mark[] = "-----BEGIN ", end_mark[] = "-----END ", dashes[] = "-----";

static const char *const labels[PEM_KIND_COUNT] = {
#define X(name, label) [PEM_##name] = label,
    PEM_KINDS(X)
#undef X
};

/* The next line without its end and without spaces before that; takes it from *text. */
static struct span next_line(struct span *text)
{
    struct span line = {text->at, 0};
    while (line.len < text->len && text->at[line.len] != '\n')
        line.len++;
    *text = span_from(*text, line.len + (line.len < text->len));
    while (line.len > 0 && strchr(" \t\r", line.at[line.len - 1]) != NULL &&
           line.at[line.len - 1] != '\0')
        line.len--;
    return line;
}

static bool starts_with(struct span s, const char *prefix)
{
    const struct span start = span_str(prefix);
    return s.len >= start.len && span_equal(span_of(s.at, start.len), start);
}

/* "-----BEGIN label-----": the label, or an empty span where the line is none of these. */
static struct span label_of(struct span line, const char *mark)
{
    struct span label = span_from(line, strlen(mark));
    if (!starts_with(line, mark) || label.len < strlen(dashes))
        return (struct span){NULL, 0};
    label.len -= strlen(dashes);
    return starts_with(span_from(line, strlen(mark) + label.len), dashes) ? label
                                                                          : (struct span){NULL, 0};
}

static enum pem_kind kind_of(struct span label)
{
    for (int i = PEM_END + 1; i < PEM_KIND_COUNT; i++) {
        if (span_equal(label, span_str(labels[i])))
            return (enum pem_kind)i;
    }
    return PEM_END;
}

/* All ones where low <= c <= high, zero elsewhere. */
static uint32_t in_range(uint32_t c, uint32_t low, uint32_t high)
{
    return 0u - (((low - 1 - c) & (c - high - 1)) >> 31);
}

/* RFC 4648 section 4: the value of a letter, or 64 and more for one that is none. */
static uint32_t letter(uint32_t c)
{
    uint32_t v = in_range(c, 'A', 'Z') & (c - 'A' + 1);
    v |= in_range(c, 'a', 'z') & (c - 'a' + 27);
    v |= in_range(c, '0', '9') & (c - '0' + 53);
    v |= in_range(c, '+', '+') & 63;
    v |= in_range(c, '/', '/') & 64;
    return v - 1; /* none of them: 2^32 - 1 */
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Decodes base64 with its padding; spaces and line ends may stand anywhere. out has room for three
 * bytes for every four of the text. */
static bool decode(struct span text, uint8_t *out, size_t *out_len)
{
    uint32_t bits = 0, bad = 0;
    size_t letters = 0, padding = 0, n = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (is_space(c))
            continue;
        if (c == '=') {
            padding++;
            continue;
        }
        uint32_t v = letter(c);
        bad |= v >> 6 | (padding != 0);
        bits = bits << 6 | (v & 63);
        if (++letters % 4 == 0) {
            out[n++] = (uint8_t)(bits >> 16);
            out[n++] = (uint8_t)(bits >> 8);
            out[n++] = (uint8_t)bits;
        }
    }
    if (letters % 4 == 3) {
        out[n++] = (uint8_t)(bits >> 10);
        out[n++] = (uint8_t)(bits >> 2);
        bad |= bits & 3;
    }
    if (letters % 4 == 2) {
        out[n++] = (uint8_t)(bits >> 4);
        bad |= bits & 15;
    }
    *out_len = n;
    return bad == 0 && letters % 4 != 1 && (letters + padding) % 4 == 0 && padding < 3;
}

static enum gv_err decode_into(struct span body, struct buffer *der)
{
    size_t len;
    gv_buffer_consume(der, gv_buffer_len(der));
    uint8_t *room = gv_buffer_reserve(der, body.len / 4 * 3 + 3);
    if (room == NULL)
        RAISE(NO_MEMORY);
    if (!decode(body, room, &len))
        RAISE(PEM_PARSE);
    gv_buffer_commit(der, len);
    return GV_OK;
}

/* The text up to the END line of this label; takes it and that line from *text. */
static enum gv_err read_body(struct span *text, struct span label, struct span *body)
{
    *body = *text;
    while (text->len != 0) {
        struct span line = next_line(text);
        if (!starts_with(line, end_mark))
            continue;
        if (!span_equal(label_of(line, end_mark), label))
            RAISE(PEM_PARSE);
        body->len = (size_t)(line.at - body->at);
        return GV_OK;
    }
    RAISE(PEM_PARSE);
}

enum gv_err gv_pem_next(struct pem *p, unsigned wanted, enum pem_kind *kind, struct buffer *der)
{
    while (p->rest.len != 0) {
        struct span line = next_line(&p->rest), body;
        if (!starts_with(line, begin_mark))
            continue;
        struct span label = label_of(line, begin_mark);
        if (label.at == NULL)
            RAISE(PEM_PARSE);
        TRY(read_body(&p->rest, label, &body));
        *kind = kind_of(label);
        if (*kind != PEM_END && (wanted & PEM_WANT(*kind)) != 0)
            return decode_into(body, der);
    }
    *kind = PEM_END;
    return GV_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* RFC 4648 section 4: the letter of a value below 64. */
static uint8_t letter_of(uint32_t v)
{
    uint32_t c = in_range(v + 1, 1, 26) & ('A' + v);
    c |= in_range(v, 26, 51) & ('a' + v - 26);
    c |= in_range(v, 52, 61) & ('0' + v - 52);
    c |= in_range(v, 62, 62) & '+';
    c |= in_range(v, 63, 63) & '/';
    return (uint8_t)c;
}

/* One to three bytes as four letters. */
static void write_letters(struct wr *w, struct span bytes)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++)
        bits = bits << 8 | (i < bytes.len ? bytes.at[i] : 0);
    for (size_t i = 0; i < 4; i++)
        wr_u8(w, i <= bytes.len ? letter_of(bits >> (18 - 6 * i) & 63) : '=');
}

static void write_mark(struct wr *w, const char *mark, enum pem_kind kind)
{
    wr_bytes(w, span_str(mark));
    wr_bytes(w, span_str(labels[kind]));
    wr_bytes(w, span_str(dashes));
    wr_u8(w, '\n');
}

void gv_pem_write(struct wr *w, enum pem_kind kind, struct span der)
{
    enum { LINE = 48 }; /* bytes in a line of 64 letters */

    write_mark(w, begin_mark, kind);
    for (size_t at = 0; at < der.len; at += 3) {
        struct span left = span_from(der, at);
        write_letters(w, span_of(left.at, left.len < 3 ? left.len : 3));
        if ((at + 3) % LINE == 0 || left.len <= 3)
            wr_u8(w, '\n');
    }
    write_mark(w, end_mark, kind);
}
