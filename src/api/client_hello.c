/* The callbacks that choose a certificate, a server's by a ClientHello and a client's by a
 * CertificateRequest: from the library's view of them to that of the public headers, and back. */
#include "api/client_hello.h"

#include "api/objects.h"
#include "api/slices.h"
#include "base/mem.h"
#include "base/reader.h"
#include "wire/hello.h"
#include "wire/message.h"

/* What the callback sees, where it is not in the message itself. One block of memory each. */
struct lists {
    uint16_t *numbers; /* schemes, then groups */
    struct span *names;
    size_t name_count;
};

static void list_numbers(uint16_t *to, struct span list)
{
    for (size_t i = 0; i < list.len / 2; i++)
        to[i] = span_u16(list, i);
}

typedef bool next_fn(struct span *names, struct span *out);

static enum gv_err make_lists(const struct hello_facts *facts, struct span names, next_fn *next,
                              struct lists *lists)
{
    struct span rest = names, name;
    while (next(&rest, &name))
        lists->name_count++;
    /* Neither is empty memory, which would be NULL. */
    lists->numbers = gv_mem_alloc(facts->schemes.len + facts->groups.len + sizeof *lists->numbers);
    lists->names = gv_mem_alloc((lists->name_count + 1) * sizeof *lists->names);
    if (lists->numbers == NULL || lists->names == NULL)
        RAISE(NO_MEMORY);
    list_numbers(lists->numbers, facts->schemes);
    list_numbers(lists->numbers + facts->schemes.len / 2, facts->groups);
    rest = names;
    for (size_t i = 0; i < lists->name_count; i++)
        (void)next(&rest, &lists->names[i]);
    return GV_OK;
}

static void drop_lists(struct lists *lists)
{
    gv_mem_free(lists->numbers);
    gv_mem_free(lists->names);
}

/* What a callback that may answer later has answered. */
static enum gv_err answer_of(uint32_t answer, const struct rustls_certified_key *key,
                             const struct certified_key **out)
{
    switch (answer) {
    case GALVAN_PENDING:
        RAISE(ANSWER_PENDING);
    case RUSTLS_RESULT_OK:
        *out = in_certified_key(key);
        return GV_OK;
    default:
        RAISE(CHOICE_REFUSED);
    }
}

/* ---- a server's --------------------------------------------------------------------------- */

/* How one of the two kinds of callback is called. */
typedef enum gv_err ask_fn(const struct key_chooser *chooser,
                           const struct rustls_client_hello *params, void *userdata,
                           const struct certified_key **out);

static enum gv_err ask(const struct key_chooser *chooser, const struct rustls_client_hello *params,
                       void *userdata, const struct certified_key **out)
{
    const rustls_client_hello_callback callback = (rustls_client_hello_callback)chooser->callback;

    *out = in_certified_key(callback(userdata, params));
    return GV_OK;
}

static enum gv_err ask_or_wait(const struct key_chooser *chooser,
                               const struct rustls_client_hello *params, void *userdata,
                               const struct certified_key **out)
{
    const galvan_client_hello_callback callback = (galvan_client_hello_callback)chooser->callback;
    const struct rustls_certified_key *key = NULL;

    uint32_t answer = callback(userdata, params, &key);
    return answer_of(answer, key, out);
}

static enum gv_err call(ask_fn *how, const struct key_chooser *chooser,
                        const struct hello_facts *hello, const struct lists *lists, void *userdata,
                        const struct certified_key **out)
{
    const size_t schemes = hello->schemes.len / 2;
    const struct rustls_slice_slice_bytes alpn = {lists->names, lists->name_count};
    const struct rustls_client_hello params = {
        .server_name = gv_api_str(hello->server_name),
        .signature_schemes = {lists->numbers, schemes},
        .named_groups = {lists->numbers + schemes, hello->groups.len / 2},
        .alpn = &alpn,
    };
    return how(chooser, &params, userdata, out);
}

static enum gv_err choose_by(ask_fn *how, const struct key_chooser *chooser,
                             const struct hello_facts *hello, void *userdata,
                             const struct certified_key **out)
{
    struct lists lists = {0};
    enum gv_err err = make_lists(hello, hello->alpn, gv_next_vec8, &lists);
    if (err == GV_OK)
        err = call(how, chooser, hello, &lists, userdata, out);
    drop_lists(&lists);
    return err;
}

static enum gv_err choose(const struct key_chooser *chooser, const struct hello_facts *hello,
                          void *userdata, const struct certified_key **out)
{
    return choose_by(ask, chooser, hello, userdata, out);
}

static enum gv_err choose_or_wait(const struct key_chooser *chooser,
                                  const struct hello_facts *hello, void *userdata,
                                  const struct certified_key **out)
{
    return choose_by(ask_or_wait, chooser, hello, userdata, out);
}

struct key_chooser gv_api_key_chooser(rustls_client_hello_callback callback)
{
    return (struct key_chooser){choose, (void (*)(void))callback};
}

struct key_chooser gv_api_key_chooser_later(galvan_client_hello_callback callback)
{
    return (struct key_chooser){choose_or_wait, (void (*)(void))callback};
}

/* ---- a client's --------------------------------------------------------------------------- */

static enum gv_err choose_for_request(const struct client_key_chooser *chooser,
                                      const struct request_facts *request, void *userdata,
                                      const struct certified_key **out)
{
    const galvan_certificate_request_callback callback =
        (galvan_certificate_request_callback)chooser->callback;
    const struct hello_facts facts = {.schemes = request->schemes};
    const struct rustls_certified_key *key = NULL;
    struct lists lists = {0};
    enum gv_err err = make_lists(&facts, request->authorities, gv_next_authority, &lists);

    if (err == GV_OK) {
        const struct rustls_slice_slice_bytes names = {lists.names, lists.name_count};
        const struct galvan_certificate_request params = {
            .signature_schemes = {lists.numbers, request->schemes.len / 2}, .authorities = &names};
        uint32_t answer = callback(userdata, &params, &key);
        err = answer_of(answer, key, out);
    }
    drop_lists(&lists);
    return err;
}

struct client_key_chooser gv_api_client_key_chooser(galvan_certificate_request_callback callback)
{
    return (struct client_key_chooser){choose_for_request, (void (*)(void))callback};
}

/* ---- for use in the callback -------------------------------------------------------------- */

static bool can_sign(const struct signing_key *key, struct rustls_slice_u16 schemes)
{
    for (size_t i = 0; i < key->scheme_count; i++)
        for (size_t j = 0; j < schemes.len; j++)
            if (key->schemes[i] == schemes.data[j])
                return true;
    return false;
}

rustls_result rustls_client_hello_select_certified_key(
    const struct rustls_client_hello *hello,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len,
    const struct rustls_certified_key **out_key)
{
    if (hello == NULL || certified_keys == NULL || out_key == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    for (size_t i = 0; i < certified_keys_len; i++) {
        if (certified_keys[i] == NULL)
            return RUSTLS_RESULT_NULL_PARAMETER;
        if (can_sign(in_certified_key(certified_keys[i])->key, hello->signature_schemes)) {
            *out_key = certified_keys[i];
            return RUSTLS_RESULT_OK;
        }
    }
    return RUSTLS_RESULT_NOT_FOUND;
}
