/* Does anything of ours branch on a secret, or look something up by one, in a whole handshake?
 *
 * Under valgrind (test/house/test_constant_time.sh), every shared secret of a key exchange and every
 * external key is marked as memory that was never written; what is derived from it (handshake, traffic,
 * resumption and exporter secrets, keys and IVs) is marked so by valgrind itself, and memcheck reports
 * each jump and each address that depends on it. Without valgrind this is a plain test of every kind of
 * handshake.
 *
 * What the protocol publishes is taken out of the marked memory, in these places and no others:
 *   - what an AEAD has sealed, and what it has opened: it goes to the peer, or to the application
 *   - the public half of a key exchange
 *   - verify_data of a Finished as it is written, and a PSK's binder: both go to the peer
 *   - whether two secrets are equal: the handshake goes on, or an alert says that it does not
 * `test-unit-secret_turns leak` leaves the last of them in, to show that it would be reported. */
#include "lib/life.h"

#include "crypto/openssl/openssl.h"
#include "handshake/internal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define SECRET(at, n) VALGRIND_MAKE_MEM_UNDEFINED(at, n)
#define PUBLIC(at, n) VALGRIND_MAKE_MEM_DEFINED(at, n)
#else
#define SECRET(at, n) ((void)(at), (void)(n))
#define PUBLIC(at, n) ((void)(at), (void)(n))
#endif

enum { PROVIDER_LIST_MAX = 64 };

/* ---- authenticated encryption ----------------------------------------------------------------------- */

struct aead_copy {
    struct aead_alg alg; /* first, so that one is the other */
    const struct aead_alg *real;
};

static const struct aead_alg *real_aead(const struct aead_alg *alg)
{
    return ((const struct aead_copy *)(const void *)alg)->real;
}

static enum gv_err seal(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        struct span text, struct span tail, uint8_t *out)
{
    TRY(real_aead(a->alg)->seal(a, nonce, aad, text, tail, out));
    PUBLIC(out, text.len + tail.len + AEAD_TAG);
    return GV_OK;
}

static enum gv_err open(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        uint8_t *text, size_t len)
{
    enum gv_err err = real_aead(a->alg)->open(a, nonce, aad, text, len);
    PUBLIC(text, len);
    return err;
}

static const struct aead_alg *copy_aead(const struct aead_alg *real)
{
    static struct aead_copy copies[8];
    size_t i = 0;

    while (copies[i].real != NULL && copies[i].real != real)
        i++;
    copies[i] = (struct aead_copy){*real, real};
    copies[i].alg.seal = seal;
    copies[i].alg.open = open;
    return &copies[i].alg;
}

/* ---- key exchange ----------------------------------------------------------------------------------- */

struct group_copy {
    struct key_exchange_group group;
    const struct key_exchange_group *real;
};

static const struct key_exchange_group *real_group(const struct key_exchange_group *g)
{
    return ((const struct group_copy *)(const void *)g)->real;
}

static enum gv_err start(const struct key_exchange_group *g, struct key_exchange *x, uint8_t *share)
{
    TRY(real_group(g)->start(g, x, share));
    PUBLIC(share, g->client_share_len);
    return GV_OK;
}

static enum gv_err finish(struct key_exchange *x, struct span server_share, struct secret *out)
{
    TRY(real_group(x->group)->finish(x, server_share, out));
    SECRET(out->at, out->len);
    return GV_OK;
}

static enum gv_err finish_component(struct key_exchange *x, struct span server_share,
                                    struct secret *out)
{
    TRY(real_group(x->group)->finish_component(x, server_share, out));
    SECRET(out->at, out->len);
    return GV_OK;
}

static enum gv_err answer(const struct key_exchange_group *g, struct span client_share,
                          uint8_t *share, struct secret *out)
{
    TRY(real_group(g)->answer(real_group(g), client_share, share, out));
    PUBLIC(share, g->server_share_len);
    SECRET(out->at, out->len);
    return GV_OK;
}

/* ---- the provider ----------------------------------------------------------------------------------- */

static const struct cipher_suite_info *const *copy_suites(
    const struct cipher_suite_info *const *from)
{
    static struct cipher_suite_info copies[PROVIDER_LIST_MAX];
    static const struct cipher_suite_info *list[PROVIDER_LIST_MAX + 1];

    for (size_t i = 0; i < PROVIDER_LIST_MAX && from[i] != NULL; i++) {
        copies[i] = *from[i];
        copies[i].aead = copy_aead(from[i]->aead);
        list[i] = &copies[i];
    }
    return list;
}

static const struct key_exchange_group *const *copy_groups(
    const struct key_exchange_group *const *from)
{
    static struct group_copy copies[PROVIDER_LIST_MAX];
    static const struct key_exchange_group *list[PROVIDER_LIST_MAX + 1];

    for (size_t i = 0; i < PROVIDER_LIST_MAX && from[i] != NULL; i++) {
        copies[i] = (struct group_copy){*from[i], from[i]};
        copies[i].group.start = start;
        copies[i].group.finish = finish;
        copies[i].group.answer = answer;
        if (from[i]->component != NULL)
            copies[i].group.finish_component = finish_component;
        list[i] = &copies[i].group;
    }
    return list;
}

static const struct hpke_aead *const *copy_hpke_aeads(const struct hpke_aead *const *from)
{
    static struct hpke_aead copies[PROVIDER_LIST_MAX];
    static const struct hpke_aead *list[PROVIDER_LIST_MAX + 1];

    for (size_t i = 0; i < PROVIDER_LIST_MAX && from[i] != NULL; i++) {
        copies[i] = *from[i];
        copies[i].aead = copy_aead(from[i]->aead);
        list[i] = &copies[i];
    }
    return list;
}

static const struct provider *marking_provider(void)
{
    static struct hpke_algorithms hpke;
    static struct provider marking;

    if (marking.suites == NULL) {
        marking = *gv_openssl_provider();
        marking.suites = copy_suites(marking.suites);
        marking.groups = copy_groups(marking.groups);
        hpke = *marking.hpke;
        hpke.aeads = copy_hpke_aeads(hpke.aeads);
        marking.hpke = &hpke;
    }
    return &marking;
}

/* ---- what is published (the linker puts these in front of ours) --------------------------------------- */

static bool leaks; /* a comparison's outcome is not taken out: the turn on it must be reported */

bool __real_gv_secret_equal(struct span a, struct span b);
bool __wrap_gv_secret_equal(struct span a, struct span b);
bool __wrap_gv_secret_equal(struct span a, struct span b)
{
    bool equal = __real_gv_secret_equal(a, b);
    if (!leaks)
        PUBLIC(&equal, sizeof equal);
    return equal;
}

void __real_gv_wire_write_finished(struct wr *w, struct span verify_data);
void __wrap_gv_wire_write_finished(struct wr *w, struct span verify_data);
void __wrap_gv_wire_write_finished(struct wr *w, struct span verify_data)
{
    PUBLIC(verify_data.at, verify_data.len);
    __real_gv_wire_write_finished(w, verify_data);
}

/* ---- the test ------------------------------------------------------------------------------------------ */

static void is_no_turn_taken_on_a_secret(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++) {
        struct bare *p = life_new(&life_kinds[k], marking_provider());
        struct life_end end = life_run(p, &life_kinds[k]);
        life_assert_whole(&end, &life_kinds[k]);
        print_message("%s\n", life_kinds[k].name);
        bare_free(p);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_no_turn_taken_on_a_secret),
    };
    leaks = argc == 2 && strcmp(argv[1], "leak") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
