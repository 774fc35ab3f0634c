/* Name constraints: is each kind of name held against them as RFC 5280 says, and is what cannot be
 * compared refused? */
#include "lib/x509.h"
#include "pki/constraints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { BUDGET = 250000 };

static int forget(void **state)
{
    (void)state;
    x509_forget();
    return 0;
}

/* What a constraint with one subtree says of a certificate whose only name is this. Both are
 * GeneralNames in DER; the subject is empty unless it is given as the common name. */
struct question {
    struct span name, base;
    bool excluded;
    const char *subject;
};

static enum gv_err ask(const struct question *q)
{
    static struct derw constraints, names, more;
    struct certificate c;
    uint32_t budget = BUDGET;
    constraints.len = names.len = more.len = 0;
    size_t all = derw_begin(&constraints, DER_SEQUENCE);
    size_t list = derw_begin(&constraints,
                             q->excluded ? DER_CONTEXT_CONSTRUCTED(1) : DER_CONTEXT_CONSTRUCTED(0));
    derw_value(&constraints, DER_SEQUENCE, q->base);
    derw_end(&constraints, list);
    derw_end(&constraints, all);
    derw_value(&names, DER_SEQUENCE, q->name);
    if (q->name.len != 0)
        x509_extension(&more, DER_LITERAL("\x55\x1d\x11"), true, derw_span(&names));
    struct span der =
        x509_certificate(&(struct recipe){.subject = q->subject == NULL ? "" : q->subject,
                                          .issuer = "a",
                                          .key = "p256",
                                          .more = derw_span(&more)});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    return gv_constraints_check(derw_span(&constraints), &c, &budget);
}

/* Writes a GeneralName with text as its content. */
static struct span general_name(struct derw *w, unsigned kind, struct span content)
{
    w->len = 0;
    derw_value(w, (uint8_t)DER_CONTEXT(kind), content);
    return derw_span(w);
}

static enum gv_err ask_text(unsigned kind, const char *name, const char *base, bool excluded)
{
    static struct derw n, b;
    return ask(&(struct question){.name = general_name(&n, kind, span_str(name)),
                                  .base = general_name(&b, kind, span_str(base)),
                                  .excluded = excluded});
}

enum verdict { IN, OUT, BAD_NAME, BAD_BASE };

static void assert_both_ways(unsigned kind, const char *name, const char *base, enum verdict v)
{
    enum gv_err permitted = ask_text(kind, name, base, false);
    enum gv_err excluded = ask_text(kind, name, base, true);
    bool right = v == IN         ? permitted == GV_OK && excluded == GV_E_CERT_NAME_CONSTRAINT
                 : v == OUT      ? permitted == GV_E_CERT_NAME_CONSTRAINT && excluded == GV_OK
                 : v == BAD_NAME ? permitted == GV_E_CERT_BAD_NAME && excluded == GV_E_CERT_BAD_NAME
                                 : permitted == GV_E_CERT_BAD_NAME_CONSTRAINT &&
                                       excluded == GV_E_CERT_BAD_NAME_CONSTRAINT;
    if (!right)
        fail_msg("%s under %s: %s, %s", name, base, gv_err_name(permitted), gv_err_name(excluded));
}

static void hostile_49_57_are_names_as_text_inside_or_outside(void **state)
{
    (void)state;
    static const struct {
        unsigned kind;
        const char *name, *base;
        enum verdict verdict;
    } cases[] = {
        {GN_DNS, "www.example.org", "example.org", IN},
        {GN_DNS, "WWW.EXAMPLE.ORG", "example.org", IN}, /* CVE-2026-3833 */
        {GN_DNS, "*.example.org", "example.org", IN},
        {GN_DNS, "badexample.org", "example.org", OUT},
        {GN_DNS, "a b", "example.org", BAD_NAME},
        {GN_DNS, "example.org.", "example.org", BAD_NAME},
        {GN_DNS, "example.org", "*.org", BAD_BASE},
        {GN_EMAIL, "user@example.org", "example.org", IN},
        {GN_EMAIL, "user@EXAMPLE.org", "example.org", IN},
        {GN_EMAIL, "user@www.example.org", "example.org", OUT}, /* a host, not a domain */
        {GN_EMAIL, "user@www.example.org", ".example.org", IN},
        {GN_EMAIL, "user@example.org", ".example.org", OUT},
        {GN_EMAIL, "user@example.org", "user@example.org", IN},
        {GN_EMAIL, "User@example.org", "user@example.org", OUT},
        {GN_EMAIL, "*@example.org", "user@example.org", OUT},
        {GN_EMAIL, "@example.org", "example.org", BAD_NAME},
        {GN_EMAIL, "example.org", "example.org", BAD_NAME},
        {GN_EMAIL, "a@b@example.org", "example.org", BAD_NAME},
        {GN_EMAIL, "user@", "example.org", BAD_NAME},
        {GN_EMAIL, "user@example.org", "a..b", BAD_BASE},
        {GN_URI, "https://www.example.org/x?y#z", ".example.org", IN},
        {GN_URI, "https://user:pw@www.example.org:443/", ".example.org", IN},
        {GN_URI, "https://example.org", "example.org", IN},
        {GN_URI, "https://www.example.org", "example.org", OUT},
        {GN_URI, "https://evil.example/@www.example.org", ".example.org", OUT},
        {GN_URI, "https://192.0.2.1/", ".example.org", BAD_NAME},
        {GN_URI, "urn:isbn:1", ".example.org", BAD_NAME},
        {GN_URI, "https://[::1]/", ".example.org", BAD_NAME},
        {GN_URI, "https:///x", ".example.org", BAD_NAME},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_both_ways(cases[i].kind, cases[i].name, cases[i].base, cases[i].verdict);
}

/* CVE-2025-61727: what a wildcard stands for may be excluded, though the wildcard is not. */
static void hostile_48_is_a_wildcard_refused_that_may_stand_for_an_excluded_name(void **state)
{
    (void)state;
    assert_int_equal(GV_E_CERT_NAME_CONSTRAINT,
                     ask_text(GN_DNS, "*.example.org", "bad.example.org", true));
    assert_int_equal(GV_E_CERT_NAME_CONSTRAINT, /* RUSTSEC-2026-0099 */
                     ask_text(GN_DNS, "*.example.org", "good.example.org", false));
}

static void are_addresses_held_against_their_networks(void **state)
{
    (void)state;
    const struct {
        struct span name, base;
        enum gv_err permitted, excluded;
    } cases[] = {
        {DER_LITERAL("\x87\x04\xc0\x00\x02\x01"),
         DER_LITERAL("\x87\x08\xc0\x00\x02\x00\xff\xff\xff\x00"), GV_OK, GV_E_CERT_NAME_CONSTRAINT},
        {DER_LITERAL("\x87\x04\xc0\x00\x03\x01"),
         DER_LITERAL("\x87\x08\xc0\x00\x02\x00\xff\xff\xff\x00"), GV_E_CERT_NAME_CONSTRAINT, GV_OK},
        {DER_LITERAL("\x87\x04\xc0\x00\x02\x01"),
         DER_LITERAL("\x87\x08\xc0\x00\x02\x00\xff\x00\xff\x00"), GV_E_CERT_BAD_NAME_CONSTRAINT,
         GV_E_CERT_BAD_NAME_CONSTRAINT},
        {DER_LITERAL("\x87\x04\xc0\x00\x02\x01"), DER_LITERAL("\x87\x04\xc0\x00\x02\x00"),
         GV_E_CERT_BAD_NAME_CONSTRAINT, GV_E_CERT_BAD_NAME_CONSTRAINT},
        {DER_LITERAL("\x87\x03\xc0\x00\x02"),
         DER_LITERAL("\x87\x08\xc0\x00\x02\x00\xff\xff\xff\x00"), GV_E_CERT_BAD_NAME,
         GV_E_CERT_BAD_NAME},
        {DER_LITERAL("\x87\x04\xc0\x00\x02\x01"), DER_LITERAL("\x87\x08\0\0\0\0\0\0\0\0"), GV_OK,
         GV_E_CERT_NAME_CONSTRAINT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct question q = {.name = cases[i].name, .base = cases[i].base};
        assert_int_equal(cases[i].permitted, ask(&q));
        q.excluded = true;
        assert_int_equal(cases[i].excluded, ask(&q));
    }
}

/* RUSTSEC-2026-0098: a kind that is not compared is not passed over. */
static void hostile_48_is_a_kind_that_cannot_be_compared_refused_where_it_is_constrained(
    void **state)
{
    (void)state;
    const struct span other = DER_LITERAL("\xa0\x05\x06\x03\x55\x04\x03");
    const struct span registered = DER_LITERAL("\x88\x03\x55\x04\x03");
    const struct span dns = DER_LITERAL("\x82\x01z");
    for (int excluded = 0; excluded < 2; excluded++) {
        assert_int_equal(
            GV_E_CERT_NAME_CONSTRAINT,
            ask(&(struct question){.name = other, .base = other, .excluded = excluded != 0}));
        assert_int_equal(GV_E_CERT_NAME_CONSTRAINT,
                         ask(&(struct question){
                             .name = registered, .base = registered, .excluded = excluded != 0}));
        /* One of another kind is none of its business. */
        assert_int_equal(
            GV_OK, ask(&(struct question){.name = dns, .base = other, .excluded = excluded != 0}));
    }
}

/* [4] { SEQUENCE { SET { SEQUENCE { commonName, STRING } } } } */
static struct span directory(struct derw *w, uint8_t string_tag, const char *text)
{
    w->len = 0;
    size_t explicit = derw_begin(w, DER_CONTEXT_CONSTRUCTED(4));
    size_t name = derw_begin(w, DER_SEQUENCE), set = derw_begin(w, DER_SET);
    size_t one = derw_begin(w, DER_SEQUENCE);
    derw_value(w, DER_OID, DER_LITERAL("\x55\x04\x03"));
    derw_value(w, string_tag, span_str(text));
    derw_end(w, one);
    derw_end(w, set);
    derw_end(w, name);
    derw_end(w, explicit);
    return derw_span(w);
}

static void are_directory_names_compared_without_case_and_needless_blanks(void **state)
{
    (void)state;
    static struct derw base;
    static const struct {
        uint8_t tag;
        const char *base, *subject; /* the subject is a UTF8String */
        enum gv_err permitted, excluded;
    } cases[] = {
        {DER_UTF8_STRING, "a b", "a b", GV_OK, GV_E_CERT_NAME_CONSTRAINT},
        {DER_PRINTABLE_STRING, "A  B", " a b ", GV_OK, GV_E_CERT_NAME_CONSTRAINT},
        {DER_UTF8_STRING, "ab", "a b", GV_E_CERT_NAME_CONSTRAINT, GV_OK},
        {DER_UTF8_STRING, "a", "ab", GV_E_CERT_NAME_CONSTRAINT, GV_OK},
        {DER_TELETEX_STRING, "\xe9", "\xc3\xa9", GV_OK, GV_E_CERT_NAME_CONSTRAINT}, /* e acute */
        /* They may differ in case alone, which is not known here: refused in either case. */
        {DER_UTF8_STRING, "\xc3\x89", "\xc3\xa9", GV_E_CERT_NAME_CONSTRAINT,
         GV_E_CERT_NAME_CONSTRAINT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct question q = {.base = directory(&base, cases[i].tag, cases[i].base),
                             .subject = cases[i].subject};
        assert_int_equal(cases[i].permitted, ask(&q));
        q.excluded = true;
        assert_int_equal(cases[i].excluded, ask(&q));
    }
    /* A subject that is empty is no name. */
    assert_int_equal(GV_OK,
                     ask(&(struct question){.base = directory(&base, DER_UTF8_STRING, "x")}));
}

static void does_each_comparison_come_from_the_budget(void **state)
{
    (void)state;
    static struct derw w;
    struct certificate c;
    w.len = 0;
    x509_name_constraints(&w, "a.example b.example", "c.example");
    struct span authority = x509_certificate(&(struct recipe){
        .subject = "a", .issuer = "a", .key = "ca", .ca = true, .more = derw_span(&w)});
    assert_int_equal(GV_OK, gv_cert_parse(authority, &c));
    struct span constraints = c.ext[EXT_NAME_CONSTRAINTS];
    struct span der = x509_certificate(&(struct recipe){
        .subject = "", .issuer = "a", .key = "p256", .dns = "a.example b.example"});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    uint32_t budget = 6; /* two names by three subtrees */
    assert_int_equal(GV_OK, gv_constraints_check(constraints, &c, &budget));
    assert_int_equal(0, budget);
    budget = 5;
    assert_int_equal(GV_E_BUDGET_NAME_CONSTRAINTS, gv_constraints_check(constraints, &c, &budget));
}

static void are_malformed_constraints_an_error(void **state)
{
    (void)state;
    struct certificate c;
    uint32_t budget = BUDGET;
    struct span der = x509_certificate(
        &(struct recipe){.subject = "", .issuer = "a", .key = "p256", .dns = "a.b"});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    const struct span bad[] = {
        DER_LITERAL(""),
        DER_LITERAL("\x30\x02\x05\x00"),
        DER_LITERAL("\x30\x00\x00"),
        DER_LITERAL("\x30\x05\xa0\x03\x30\x01\x82"),
        DER_LITERAL("\x30\x0a\xa0\x08\x30\x06\x82\x01x\x80\x01\x00"), /* a minimum of zero */
        DER_LITERAL("\x30\x07\xa0\x05\x30\x03\x8f\x01x"),             /* no such kind */
        DER_LITERAL("\x30\x0e\xa1\x05\x30\x03\x82\x01x\xa0\x05\x30\x03\x82\x01x"), /* order */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(GV_E_CERT_BAD_NAME_CONSTRAINT, gv_constraints_check(bad[i], &c, &budget));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hostile_49_57_are_names_as_text_inside_or_outside, forget),
        cmocka_unit_test_teardown(
            hostile_48_is_a_wildcard_refused_that_may_stand_for_an_excluded_name, forget),
        cmocka_unit_test_teardown(are_addresses_held_against_their_networks, forget),
        cmocka_unit_test_teardown(
            hostile_48_is_a_kind_that_cannot_be_compared_refused_where_it_is_constrained, forget),
        cmocka_unit_test_teardown(are_directory_names_compared_without_case_and_needless_blanks,
                                  forget),
        cmocka_unit_test_teardown(does_each_comparison_come_from_the_budget, forget),
        cmocka_unit_test_teardown(are_malformed_constraints_an_error, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
