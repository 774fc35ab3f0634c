/* A failure in words. What stands in a struct detail is printable ASCII already; this file adds
 * texts of its own only, and cuts the sentence where it gets too long. */
#include "api/detail.h"

#include "api/result.h"
#include "rustls.h"
#include "wire/alert.h"

#include <stdio.h>

uint32_t gv_api_failure_result(const struct failure *f)
{
    uint32_t result = gv_api_result(f->err);
    return result == RUSTLS_RESULT_ALERT_UNKNOWN ? gv_api_alert_result((uint8_t)f->peer_alert) : result;
}

static bool came_from_peer(uint32_t result)
{
    return result >= RUSTLS_RESULT_ALERT_CLOSE_NOTIFY && result <= RUSTLS_RESULT_ALERT_UNKNOWN;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

struct text {
    char *at;
    size_t len, cap; /* cap counts the NUL */
};

static void add(struct text *t, const char *s)
{
    while (*s != '\0' && t->len + 1 < t->cap)
        t->at[t->len++] = *s++;
    t->at[t->len] = '\0';
}

/* Nothing where s is empty. */
static void add_after(struct text *t, const char *before, const char *s)
{
    if (s[0] == '\0')
        return;
    add(t, before);
    add(t, s);
}

static void add_number(struct text *t, int32_t n)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%d", (int)n);
    add(t, digits);
}

static void add_certificate(struct text *t, const struct galvan_error_detail *d)
{
    add(t, "; certificate ");
    add_number(t, d->certificate);
    add_after(t, ", ", d->subject);
    add_after(t, ", issued by ", d->issuer);
}

static void add_check(struct text *t, const struct galvan_error_detail *d)
{
    add_after(t, "; ", d->check);
    add_after(t, ": expected ", d->expected);
    add_after(t, d->expected[0] == '\0' ? ": found " : ", found ", d->found);
}

static void add_alert(struct text *t, const struct galvan_error_detail *d)
{
    add(t, came_from_peer(d->result) ? "; the peer sent the alert " : "; the peer was told ");
    add(t, gv_alert_name((uint8_t)d->alert));
    add(t, " (");
    add_number(t, d->alert);
    add(t, ")");
}

static void write_sentence(struct galvan_error_detail *d)
{
    struct text t = {d->sentence, 0, sizeof d->sentence};
    add(&t, d->reason);
    if (d->certificate >= 0)
        add_certificate(&t, d);
    else
        add_after(&t, "; trusted root ", d->subject);
    if (d->check[0] != '\0')
        add_check(&t, d);
    add_after(&t, "; ", d->step);
    if (d->alert >= 0)
        add_alert(&t, d);
}

static void fill(const struct failure *f, struct galvan_error_detail *out)
{
    static const struct detail nothing = {.certificate = -1};
    const struct detail *d = f->detail == NULL ? &nothing : f->detail;
    uint32_t result = gv_api_failure_result(f);
    int16_t alert = came_from_peer(result) ? f->peer_alert : f->alert;
    *out = (struct galvan_error_detail){
        .result = result,
        .alert = alert,
        .certificate = d->certificate,
        .name = gv_err_name(f->err),
        .reason = gv_err_text(f->err),
        .step = or_empty(f->step),
        .check = or_empty(d->check),
        .expected = d->expected,
        .found = d->found,
        .subject = d->subject,
        .issuer = d->issuer,
        .origin = or_empty(f->birth),
    };
    write_sentence(out);
}

uint32_t gv_api_detail(const struct failure *f, struct galvan_error_detail *out, size_t size)
{
    if (out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (f->err == GV_OK)
        return RUSTLS_RESULT_NOT_FOUND;
    struct galvan_error_detail whole;
    fill(f, &whole);
    memset(out, 0, size);
    memcpy(out, &whole, size < sizeof whole ? size : sizeof whole);
    return RUSTLS_RESULT_OK;
}
