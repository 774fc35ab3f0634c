/* Certificates in words: galvan_certificate_describe says one thing after the other; here they
 * become lines or JSON. Times are compared as texts, which they sort as. */
#include "describe.h"

#include "tool.h"

#include <string.h>
#include <time.h>

/* How a field is shown: its label, the key of its array in JSON (NULL: it is one string), and
 * whether all of its values share a line. */
struct shown {
    const char *field, *label, *array;
};

/* clang-format off */
static const struct shown shown[] = {
    {"subject",    "subject   ", NULL},
    {"issuer",     "issuer    ", NULL},
    {"serial",     "serial    ", NULL},
    {"not_before", "valid     from ", NULL},
    {"not_after",  " to ", NULL},
    {"name",       "names     ", "names"},
    {"key",        "key       ", NULL},
    {"signature",  "signed    ", NULL},
    {"authority",  "authority ", NULL},
    {"usage",      "usage     ", "usage"},
    {"purpose",    "purposes  ", "purposes"},
};
/* clang-format on */

static const struct shown *shown_as(const char *field)
{
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        if (strcmp(shown[i].field, field) == 0)
            return &shown[i];
    }
    return NULL;
}

const char *describe_result(rustls_result result, char text[RESULT_TEXT])
{
    size_t n = 0;
    rustls_error(result, text, RESULT_TEXT - 1, &n);
    text[n] = '\0';
    return text;
}

/* ---- lines ---------------------------------------------------------------------------------- */

struct lines {
    struct text *to;
    const char *indent;
    const struct shown *last;
    char now[sizeof "2026-11-22T10:00:00Z"];
};

static void write_now(char *out, size_t size)
{
    struct tm tm;
    time_t now = time(NULL);
    if (gmtime_r(&now, &tm) == NULL || strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        out[0] = '\0';
}

static const char *remark(const struct lines *l, const char *field, const char *value)
{
    if (strcmp(field, "not_before") == 0 && strcmp(l->now, value) < 0)
        return " (not valid yet)";
    if (strcmp(field, "not_after") == 0 && strcmp(l->now, value) > 0)
        return " (EXPIRED)";
    return "";
}

static void add_line(void *userdata, const char *field, const char *value)
{
    struct lines *l = userdata;
    const struct shown *s = shown_as(field);
    if (s == NULL)
        return;
    if (s == l->last)
        text_add(l->to, ", ");
    else if (s->label[0] == ' ')
        text_add(l->to, s->label);
    else
        text_format(l->to, "%s%s%s", l->last == NULL ? "" : "\n", l->indent, s->label);
    text_format(l->to, "%s%s", value, remark(l, field, value));
    l->last = s;
}

void describe_certificate(struct text *t, const char *indent, struct rustls_slice_bytes der)
{
    struct lines l = {.to = t, .indent = indent};
    char text[RESULT_TEXT];
    write_now(l.now, sizeof l.now);
    rustls_result result = galvan_certificate_describe(der.data, der.len, add_line, &l);
    if (result != RUSTLS_RESULT_OK)
        text_format(t, "%scannot be read: %s", indent, describe_result(result, text));
    text_add(t, "\n");
}

/* ---- JSON ----------------------------------------------------------------------------------- */

struct members {
    struct json *to;
    const struct shown *last; /* whose array is open, where it has one */
};

static void end_array(struct members *m)
{
    if (m->last != NULL && m->last->array != NULL)
        json_close(m->to, ']');
}

static void add_member(void *userdata, const char *field, const char *value)
{
    struct members *m = userdata;
    const struct shown *s = shown_as(field);
    if (s == NULL)
        return;
    if (s != m->last) {
        end_array(m);
        m->last = s;
        if (s->array != NULL)
            json_open(m->to, s->array, '[');
    }
    json_string(m->to, s->array == NULL ? field : NULL, value);
}

void describe_certificate_json(struct json *j, struct rustls_slice_bytes der)
{
    struct members m = {.to = j};
    char text[RESULT_TEXT];
    rustls_result result = galvan_certificate_describe(der.data, der.len, add_member, &m);
    end_array(&m);
    if (result != RUSTLS_RESULT_OK)
        json_string(j, "error", describe_result(result, text));
}
