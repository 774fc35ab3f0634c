/* Names of servers, in certificates and in constraints: which are well-formed, and which match? */
#include "pki/name.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct span s(const char *text)
{
    return span_str(text);
}

static bool parses(const char *text, enum server_name_kind kind)
{
    struct server_name name;
    enum gv_err err = gv_server_name_parse(&name, s(text));
    assert_true(err == GV_OK || err == GV_E_INVALID_DNS_NAME);
    return err == GV_OK && name.kind == kind;
}

#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define NAME_253                                                                                   \
    LABEL_63 "." LABEL_63 "." LABEL_63 "."                                                         \
             "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static void hostile_57_60_are_host_names_told_from_what_is_none(void **state)
{
    (void)state;
    static const char *const good[] = {
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a_b",
        "_x.example.org",
        "example.org",
        "xn--bcher-kva.example",
        "1.example",
        "a-b",
        "a1",
        "1a",
        LABEL_63,
        NAME_253,
        "1.2.3.4.x",
    };
    static const char *const bad[] = {
        "",
        ".",
        "bad name",
        "-a",
        "a-",
        "a.-b",
        "a..b",
        ".a",
        "a.b..",
        "*.a",
        "a*",
        "1.2.3.256",
        "1.2.3",
        "1",
        "a.1",
        "a.1.",
        "b\xc3\xbc"
        "cher.example",
        "a/b",
        "a:1",
        "[::1]",
        LABEL_63 "l",
        NAME_253 "j",
        "a\n",
        "https://a",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!parses(good[i], SERVER_NAME_DNS))
            fail_msg("%s was refused", good[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (parses(bad[i], SERVER_NAME_DNS))
            fail_msg("%s was read", bad[i]);
    }
    struct server_name name;
    assert_int_equal(GV_E_INVALID_DNS_NAME, gv_server_name_parse(&name, span_of("a\0b", 3)));
}

static void is_the_trailing_dot_kept_from_server_name(void **state)
{
    (void)state;
    struct server_name name;
    char ip[IP_TEXT];
    assert_int_equal(GV_OK, gv_server_name_parse(&name, s("Example.ORG.")));
    assert_true(span_equal(s("Example.ORG"), gv_server_name_host(&name)));
    assert_true(span_equal(s("Example.ORG."), gv_server_name_text(&name, ip)));
    assert_int_equal(GV_OK, gv_server_name_parse(&name, s("2001:DB8::1")));
    assert_int_equal(0, gv_server_name_host(&name).len);
    assert_true(span_equal(s("2001:db8::1"), gv_server_name_text(&name, ip)));
}

static void are_addresses_read_and_written(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"127.0.0.1", "127.0.0.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:0db8:0000:0000:0000:ff00:0042:8329", "2001:db8::ff00:42:8329"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"}, /* one zero group stays */
        {"::ffff:192.0.2.1", "::ffff:c000:201"},
        {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
        {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
        {"ABCD:EF01:2345:6789:abcd:ef01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        uint8_t bytes[IP6_LEN], len;
        char text[IP_TEXT];
        if (!gv_ip_parse(s(good[i][0]), bytes, &len))
            fail_msg("%s was refused", good[i][0]);
        gv_ip_text((struct span){bytes, len}, text);
        assert_string_equal(good[i][1], text);
    }
}

static void are_other_texts_no_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.04",
        "1.2..3",
        ".1.2.3",
        "1.2.3.",
        "1.2.3.4 ",
        "0x1.2.3.4",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::1.2.3",
        "fe80::1%1",
        "[::1]",
        "1:2:3:4:5:6:7:1.2.3.4",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint8_t bytes[IP6_LEN], len;
        if (gv_ip_parse(s(bad[i]), bytes, &len))
            fail_msg("%s was read", bad[i]);
    }
}

static void do_wildcards_need_a_label_of_their_own_and_two_behind(void **state)
{
    (void)state;
    assert_true(gv_dns_is_presented(s("*.example.org")));
    assert_true(gv_dns_is_presented(s("example")));
    assert_false(gv_dns_is_presented(s("*.org")));
    assert_false(gv_dns_is_presented(s("*")));
    assert_false(gv_dns_is_presented(s("*.")));
    assert_false(gv_dns_is_presented(s("a*.example.org")));
    assert_false(gv_dns_is_presented(s("*a.example.org")));
    assert_false(gv_dns_is_presented(s("a.*.example.org")));
    assert_false(gv_dns_is_presented(s("*.*.example.org")));
    assert_false(gv_dns_is_presented(s("example.org.")));
    assert_false(gv_dns_is_presented(s(".example.org")));
    assert_false(gv_dns_is_presented(s("")));
    assert_false(gv_dns_is_presented(span_of("a\0.example.org", 14)));
}

static void does_a_presented_name_match_the_host(void **state)
{
    (void)state;
    static const struct {
        const char *presented, *host;
        bool matches;
    } cases[] = {
        {"example.org", "example.org", true},
        {"Example.Org", "eXAMPLE.oRG", true},
        {"example.org", "example.org.", true},
        {"example.org", "www.example.org", false},
        {"www.example.org", "example.org", false},
        {"example.org", "example.orgx", false},
        {"*.example.org", "www.example.org", true},
        {"*.example.org", "WWW.EXAMPLE.ORG.", true},
        {"*.example.org", "a.b.example.org", false},
        {"*.example.org", "example.org", false},
        {"*.example.org", "xexample.org", false},
        {"*.example.org", "www.example.com", false},
        {"xn--bcher-kva.example", "xn--bcher-kva.example", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(cases[i].matches,
                         gv_dns_matches_host(s(cases[i].presented), s(cases[i].host)));
}

static void do_constraints_hold_wildcards_with_all_they_stand_for(void **state)
{
    (void)state;
    static const struct {
        const char *presented, *constraint;
        bool all, any;
    } cases[] = {
        {"example.org", "example.org", true, true},
        {"EXAMPLE.ORG", "example.org", true, true},
        {"www.example.org", "example.org", true, true},
        {"badexample.org", "example.org", false, false},
        {"example.org", "www.example.org", false, false},
        {"www.example.org", ".example.org", true, true},
        {"example.org", ".example.org", false, false},
        {"www.example.org", "", true, true},
        {"*.example.org", "example.org", true, true},
        {"*.example.org", "www.example.org", false, true}, /* CVE-2025-61727 */
        {"*.example.org", "a.www.example.org", false, false},
        {"*.example.org", ".www.example.org", false, false},
        {"*.example.org", "www.example.com", false, false},
        {"*.www.example.org", "example.org", true, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span p = s(cases[i].presented), c = s(cases[i].constraint);
        if (gv_dns_all_under(p, c) != cases[i].all || gv_dns_any_under(p, c) != cases[i].any)
            fail_msg("%s under %s", cases[i].presented, cases[i].constraint);
    }
    assert_true(gv_dns_is_constraint(s("")));
    assert_true(gv_dns_is_constraint(s(".example.org")));
    assert_false(gv_dns_is_constraint(s(".")));
    assert_false(gv_dns_is_constraint(s("..org")));
    assert_false(gv_dns_is_constraint(s("*.example.org")));
    assert_false(gv_dns_is_constraint(s("example.org.")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_57_60_are_host_names_told_from_what_is_none),
        cmocka_unit_test(is_the_trailing_dot_kept_from_server_name),
        cmocka_unit_test(are_addresses_read_and_written),
        cmocka_unit_test(are_other_texts_no_addresses),
        cmocka_unit_test(do_wildcards_need_a_label_of_their_own_and_two_behind),
        cmocka_unit_test(does_a_presented_name_match_the_host),
        cmocka_unit_test(do_constraints_hold_wildcards_with_all_they_stand_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
