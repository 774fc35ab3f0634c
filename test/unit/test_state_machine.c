/* The handshake's tables: are they the state machines that RFC 9846 draws in appendix A, is
 * everything else unexpected, and do the drawings in docs/ show them as they are?
 *
 * GALVAN_WRITE_DOCS=1 in the environment writes docs/state-machine-client.md and -server.md anew. */
#include "handshake/internal.h"
#include "lib/exact.h"
#include "lib/file.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- the RFC's state machines, written down from the RFC ------------------------------------- */

/* Our state, what may arrive in it, and where that may lead, by name. */
struct edge {
    const char *from, *message, *to[12];
};

/* Appendix A.1. WAIT_SH is two states here: section 4.1.4 allows one HelloRetryRequest only. The
 * last two rows are sections 4.6.1 and 4.6.3; post-handshake authentication (4.6.2) is not
 * offered. */
static const struct edge client[] = {
    {"C_HELLO", "HelloRetryRequest", {"C_HELLO_AGAIN"}},
    {"C_HELLO", "ServerHello", {"C13_EE", "C12_CERT", "C12_TICKET", "C12_CCS"}},
    {"C_HELLO_AGAIN", "ServerHello", {"C13_EE"}},
    {"C13_EE", "EncryptedExtensions", {"C13_CERT_CR", "C13_FIN"}},
    {"C13_CERT_CR", "CertificateRequest", {"C13_CERT"}},
    {"C13_CERT_CR", "Certificate", {"C13_CV"}},
    {"C13_CERT", "Certificate", {"C13_CV"}},
    /* RFC 8879 section 4: in the place of Certificate. */
    {"C13_CERT_CR", "CompressedCertificate", {"C13_CV"}},
    {"C13_CERT", "CompressedCertificate", {"C13_CV"}},
    {"C13_CV", "CertificateVerify", {"C13_FIN"}},
    {"C13_FIN", "Finished", {"C13_UP", "C13_SIGN", "C13_CHOOSE"}},
    {"C13_CHOOSE", "CertifiedKey", {"C13_UP", "C13_SIGN"}},
    {"C13_SIGN", "Signature", {"C13_UP"}},
    {"C13_UP", "NewSessionTicket", {"C13_UP"}},
    {"C13_UP", "KeyUpdate", {"C13_UP"}},
    /* RFC 5246 section 7.3, figures 1 and 2 (a ServerHello that resumes leads to the server's
     * NewSessionTicket or ChangeCipherSpec), with a certificate always (our suites are ECDHE), and
     * CertificateStatus (RFC 6066 section 8: it may be left out) and NewSessionTicket (RFC 5077
     * section 3.3: it may not) where ServerHello announced them. HelloRequest is section 7.4.1.1. */
    {"C12_CERT", "Certificate", {"C12_STATUS", "C12_SKE"}},
    {"C12_STATUS", "CertificateStatus", {"C12_SKE"}},
    {"C12_STATUS", "ServerKeyExchange", {"C12_CR_DONE"}},
    {"C12_SKE", "ServerKeyExchange", {"C12_CR_DONE"}},
    {"C12_CR_DONE", "CertificateRequest", {"C12_DONE"}},
    {"C12_CR_DONE", "ServerHelloDone", {"C12_TICKET", "C12_CCS"}},
    {"C12_DONE", "ServerHelloDone", {"C12_TICKET", "C12_CCS", "C12_SIGN", "C12_CHOOSE"}},
    {"C12_CHOOSE", "CertifiedKey", {"C12_TICKET", "C12_CCS", "C12_SIGN"}},
    {"C12_SIGN", "Signature", {"C12_TICKET", "C12_CCS"}},
    {"C12_TICKET", "NewSessionTicket", {"C12_CCS"}},
    {"C12_CCS", "ChangeCipherSpec", {"C12_FIN"}},
    {"C12_FIN", "Finished", {"C12_UP"}},
    {"C12_UP", "HelloRequest", {"C12_UP"}},
};
/* Appendix A.2. START is two states, the second behind our HelloRetryRequest. */
static const struct edge server[] = {
    {"S_HELLO",
     "ClientHello",
     {"S_HELLO_AGAIN", "S13_CERT", "S13_FIN", "S13_EARLY", "S13_SIGN", "S12_CERT", "S12_CKE",
      "S12_CCS", "S12_SIGN", "S_CHOOSE", "S13_LOOK_UP", "S12_LOOK_UP"}},
    {"S_CHOOSE",
     "CertifiedKey",
     {"S_HELLO_AGAIN", "S13_CERT", "S13_FIN", "S13_EARLY", "S13_SIGN", "S12_CERT", "S12_CKE",
      "S12_CCS", "S12_SIGN", "S13_LOOK_UP", "S12_LOOK_UP"}},
    {"S_HELLO_AGAIN", "ClientHello", {"S13_CERT", "S13_FIN", "S13_SIGN", "S13_LOOK_UP"}},
    /* A ClientHello names several sessions, which are looked up in turn. */
    {"S13_LOOK_UP", "Session", {"S13_CERT", "S13_FIN", "S13_EARLY", "S13_SIGN", "S13_LOOK_UP"}},
    {"S13_SIGN", "Signature", {"S13_CERT", "S13_FIN"}},
    {"S13_CERT", "Certificate", {"S13_CV", "S13_FIN"}},
    {"S13_CERT", "CompressedCertificate", {"S13_CV", "S13_FIN"}}, /* RFC 8879 section 4 */
    {"S13_CV", "CertificateVerify", {"S13_FIN"}},
    {"S13_EARLY", "EndOfEarlyData", {"S13_FIN"}},
    {"S13_FIN", "Finished", {"S13_UP"}},
    {"S13_UP", "KeyUpdate", {"S13_UP"}},
    /* RFC 5246 section 7.3. CertificateVerify follows a certificate that is not empty. A ClientHello
     * after the handshake asks for a renegotiation. */
    {"S12_LOOK_UP", "Session", {"S12_CERT", "S12_CKE", "S12_CCS", "S12_SIGN"}},
    {"S12_SIGN", "Signature", {"S12_CERT", "S12_CKE"}},
    {"S12_CERT", "Certificate", {"S12_CKE"}},
    {"S12_CKE", "ClientKeyExchange", {"S12_CV", "S12_CCS"}},
    {"S12_CV", "CertificateVerify", {"S12_CCS"}},
    {"S12_CCS", "ChangeCipherSpec", {"S12_FIN"}},
    {"S12_FIN", "Finished", {"S12_UP"}},
    {"S12_UP", "ClientHello", {"S12_UP"}},
};

static const struct role {
    const char *name;
    const struct hs_row *rows;
    const struct edge *edges;
    size_t edge_count;
    const char *start;
} roles[] = {
    {"client", gv_hs_client_rows, client, COUNT_OF(client), "C_HELLO"},
    {"server", gv_hs_server_rows, server, COUNT_OF(server), "S_HELLO"},
};

/* RFC 9846 section 4, RFC 5246 section 7.4, RFC 5077, RFC 6066, RFC 8879. */
static const struct {
    uint16_t code;
    const char *name;
} messages[] = {
    {0, "HelloRequest"},        {1, "ClientHello"},
    {2, "ServerHello"},         {4, "NewSessionTicket"},
    {5, "EndOfEarlyData"},      {8, "EncryptedExtensions"},
    {11, "Certificate"},        {12, "ServerKeyExchange"},
    {13, "CertificateRequest"}, {14, "ServerHelloDone"},
    {15, "CertificateVerify"},  {16, "ClientKeyExchange"},
    {20, "Finished"},           {22, "CertificateStatus"},
    {24, "KeyUpdate"},          {25, "CompressedCertificate"},
    {256, "HelloRetryRequest"}, {257, "ChangeCipherSpec"},
    /* No messages of the wire: answers of our own side that came later. */
    {258, "Signature"},         {259, "CertifiedKey"},
    {260, "Session"},
};

static const char *const state_names[HS_STATES] = {
#define X(name, text) [name] = #name,
    HS_STATES_TABLE(X)
#undef X
};

static const char *message_name(uint16_t code)
{
    for (size_t i = 0; i < COUNT_OF(messages); i++)
        if (messages[i].code == code)
            return messages[i].name;
    fail_msg("a row for message %u, which has no name", code);
    return NULL;
}

static uint64_t state_bit(const char *name)
{
    for (unsigned s = 0; s < HS_STATES; s++)
        if (strcmp(state_names[s], name) == 0)
            return TO(s);
    fail_msg("no state %s", name);
    return 0;
}

static uint64_t targets(const struct edge *e)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < COUNT_OF(e->to) && e->to[i] != NULL; i++)
        bits |= state_bit(e->to[i]);
    return bits;
}

static const struct hs_row *find_row(const struct hs_row *rows, uint64_t state, const char *message)
{
    for (; rows->step != NULL; rows++)
        if (TO(rows->state) == state && strcmp(message_name(rows->msg), message) == 0)
            return rows;
    return NULL;
}

static size_t count_rows(const struct hs_row *rows)
{
    size_t n = 0;
    while (rows[n].step != NULL)
        n++;
    return n;
}

static void are_the_tables_the_rfcs_state_machines(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        for (size_t i = 0; i < roles[r].edge_count; i++) {
            const struct edge *e = &roles[r].edges[i];
            const struct hs_row *row = find_row(roles[r].rows, state_bit(e->from), e->message);
            if (row == NULL || row->to != targets(e))
                fail_msg("%s: %s in %s is not as the RFC has it", roles[r].name, e->message,
                         e->from);
        }
        assert_int_equal(count_rows(roles[r].rows), roles[r].edge_count);
    }
}

static bool is_tls12(unsigned state)
{
    return strncmp(state_names[state] + 1, "12", 2) == 0;
}

static bool is_over(unsigned state)
{
    struct hs hs = {.state = (uint8_t)state};
    return gv_hs_is_over(&hs);
}

/* Section 5.1: what stands before a key change ends its record. The hellos' rows hold it in their
 * steps, because TLS 1.2 changes no key there, and none of its messages do but ChangeCipherSpec. */
static void does_a_key_change_end_its_record(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(roles); r++)
        for (const struct hs_row *row = roles[r].rows; row->step != NULL; row++) {
            bool rekeys = row->msg == MSG_FINISHED || row->msg == MSG_KEY_UPDATE ||
                          row->msg == MSG_HELLO_RETRY_REQUEST || row->msg == MSG_END_OF_EARLY_DATA;
            assert_int_equal((row->flags & REKEYS) != 0, rekeys && !is_tls12(row->state));
        }
}

/* RFC 9846 section 4.4.1, RFC 5246 section 7.4.9: what comes after the handshake is no part of it,
 * nor is ChangeCipherSpec; all else is. What signs the messages before it sees them without it. */
static void is_the_transcript_the_handshake(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(roles); r++)
        for (const struct hs_row *row = roles[r].rows; row->step != NULL; row++) {
            bool outside = is_over(row->state) || row->msg == MSG_CHANGE_CIPHER_SPEC ||
                           row->msg >= MSG_SIGNATURE; /* ours, not the peer's */
            /* Their steps do it: they tell whose transcript it is (RFC 9849 section 6.1.4), and a
             * HelloRetryRequest puts message_hash first. */
            bool by_step = row->msg == MSG_SERVER_HELLO || row->msg == MSG_HELLO_RETRY_REQUEST;
            assert_int_equal((row->flags & UNHASHED) != 0, outside || by_step);
            if (row->msg == MSG_FINISHED ||
                (row->msg == MSG_CERTIFICATE_VERIFY && !is_tls12(row->state)))
                assert_true((row->flags & SNAPSHOT) != 0);
        }
}

/* A state waits for an answer of our own side, or for messages of the peer's, never both. */
static void does_a_state_that_waits_for_an_answer_take_nothing_else(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(roles); r++)
        for (const struct hs_row *row = roles[r].rows; row->step != NULL; row++) {
            const struct hs hs = {.state = row->state};
            assert_int_equal(gv_hs_awaits(&hs), row->msg >= MSG_SIGNATURE ? row->msg : 0);
        }
}

/* ---- everything else ------------------------------------------------------------------------- */

static bool is_expected(const struct hs_row *rows, unsigned state, uint16_t msg)
{
    for (; rows->step != NULL; rows++)
        if (rows->state == state && rows->msg == msg)
            return true;
    return false;
}

/* HOSTILE 6: every type of message in every state that does not wait for it. */
static void is_every_other_message_unexpected(void **state)
{
    (void)state;
    const struct hs_now now = {.ms = 0};
    size_t tried = 0;

    for (size_t r = 0; r < COUNT_OF(roles); r++)
        for (unsigned s = 0; s < HS_STATES; s++)
            for (unsigned msg = 0; msg <= 256; msg++) {
                uint8_t bytes[44] = {(uint8_t)msg, 0, 0, 40, 3, 3};
                struct hs hs = {.rows = roles[r].rows, .state = (uint8_t)s};
                if (msg == 256) {
                    bytes[0] = MSG_SERVER_HELLO;
                    memcpy(bytes + 6, gv_hello_retry_random, RANDOM_LEN);
                }
                if (is_expected(roles[r].rows, s, (uint16_t)msg))
                    continue;
                assert_err(gv_hs_take(&hs, SPAN_OF(bytes), true, &now),
                           UNEXPECTED_HANDSHAKE_MESSAGE);
                assert_int_equal(hs.state, s);
                tried++;
            }
    print_message("%zu messages\n", tried);
    assert_int_equal(gv_alert_of(GV_E_UNEXPECTED_HANDSHAKE_MESSAGE), ALERT_UNEXPECTED_MESSAGE);
}

static uint64_t reached(const struct hs_row *rows, uint64_t from)
{
    uint64_t before;
    do {
        before = from;
        for (const struct hs_row *row = rows; row->step != NULL; row++)
            if ((from & TO(row->state)) != 0)
                from |= row->to;
    } while (from != before);
    return from;
}

static void does_every_state_lead_from_the_start_to_the_end(void **state)
{
    (void)state;
    uint64_t all = 0, ends = 0;

    for (unsigned s = 0; s < HS_STATES; s++)
        ends |= is_over(s) ? TO(s) : 0;
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        uint64_t mine = reached(roles[r].rows, state_bit(roles[r].start));
        assert_int_equal(all & mine, 0);
        all |= mine;
        for (unsigned s = 0; s < HS_STATES; s++)
            if ((mine & TO(s)) != 0)
                assert_true((reached(roles[r].rows, TO(s)) & ends) != 0);
    }
    assert_int_equal(all, (UINT64_C(1) << HS_STATES) - 1);
}

static void do_the_ends_stay_the_ends(void **state)
{
    (void)state;
    for (size_t r = 0; r < COUNT_OF(roles); r++)
        for (const struct hs_row *row = roles[r].rows; row->step != NULL; row++)
            if (is_over(row->state))
                assert_int_equal(row->to, TO(row->state));
}

/* ---- the drawings ----------------------------------------------------------------------------- */

struct page {
    char text[16384];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct page *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(p->text + p->len, sizeof p->text - p->len, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof p->text - p->len);
    p->len += (size_t)n;
}

static void draw_edges(struct page *p, const struct role *role)
{
    say(p, "```mermaid\nstateDiagram-v2\n    [*] --> %s\n", role->start);
    for (const struct hs_row *row = role->rows; row->step != NULL; row++)
        for (unsigned s = 0; s < HS_STATES; s++)
            if ((row->to & TO(s)) != 0)
                say(p, "    %s --> %s: %s\n", state_names[row->state], state_names[s],
                    message_name(row->msg));
    say(p, "```\n\n");
}

static void list_states(struct page *p, const struct role *role)
{
    const uint64_t mine = reached(role->rows, state_bit(role->start));

    say(p, "| state | | what may arrive |\n|---|---|---|\n");
    for (unsigned s = 0; s < HS_STATES; s++) {
        const struct hs hs = {.state = (uint8_t)s};
        const char *between = "";
        if ((mine & TO(s)) == 0)
            continue;
        say(p, "| %s | %s | ", state_names[s], gv_hs_state_text(&hs));
        for (const struct hs_row *row = role->rows; row->step != NULL; row++) {
            if (row->state != s)
                continue;
            say(p, "%s%s%s", between, message_name(row->msg),
                (row->flags & REKEYS) != 0 ? " (ends its record)" : "");
            between = ", ";
        }
        say(p, " |\n");
    }
}

static void draw(struct page *p, const struct role *role)
{
    p->len = 0;
    say(p,
        "<!-- Made from the table in src/handshake/drive.c: GALVAN_WRITE_DOCS=1 and the test\n"
        "     unit/state_machine write it anew, and without it the test compares. -->\n"
        "# The state machine of the %s\n\n",
        role->name);
    say(p, "Everything that has no arrow is answered with the alert unexpected_message.\n\n");
    draw_edges(p, role);
    list_states(p, role);
}

static void write_page(const char *path, const struct page *p)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", TEST_DIR, path);
    FILE *f = fopen(whole, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p->text, 1, p->len, f), p->len);
    assert_int_equal(fclose(f), 0);
}

static void do_the_drawings_show_the_tables(void **state)
{
    (void)state;
    static struct page page;
    for (size_t r = 0; r < COUNT_OF(roles); r++) {
        char path[64];
        snprintf(path, sizeof path, "../docs/state-machine-%s.md", roles[r].name);
        draw(&page, &roles[r]);
        if (getenv("GALVAN_WRITE_DOCS") != NULL)
            write_page(path, &page);
        struct file file = test_file(path);
        if (!span_equal(span_of(file.data, file.len), span_of(page.text, page.len)))
            fail_msg("docs/state-machine-%s.md is not what the table is: write it anew with "
                     "GALVAN_WRITE_DOCS=1",
                     roles[r].name);
        free(file.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_the_tables_the_rfcs_state_machines),
        cmocka_unit_test(does_a_key_change_end_its_record),
        cmocka_unit_test(is_the_transcript_the_handshake),
        cmocka_unit_test(does_a_state_that_waits_for_an_answer_take_nothing_else),
        cmocka_unit_test(is_every_other_message_unexpected),
        cmocka_unit_test(does_every_state_lead_from_the_start_to_the_end),
        cmocka_unit_test(do_the_ends_stay_the_ends),
        cmocka_unit_test(do_the_drawings_show_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
