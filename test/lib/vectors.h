/* Wycheproof's files: each test vector handed to a function, with its numbers and bytes. What is
 * read lives until the run over its file ends. */
#ifndef GALVAN_TEST_VECTORS_H
#define GALVAN_TEST_VECTORS_H

#include "base/span.h"

#include <jansson.h>

struct vector {
    const char *file;
    const json_t *group, *test;
    bool valid, acceptable; /* its "result"; neither is "invalid" */
};

/* Whether the vector came out as it should; false fails the run. *counts says whether it was tried
 * at all, and is true at the call. */
typedef bool vector_check(const struct vector *v, bool *counts);

/* The content of test/vectors/PATH, which ends in .xz, with a NUL behind it. Free it. */
char *vectors_unpack(const char *path, size_t *len);

/* Runs check over every vector of test/vectors/wycheproof/FILE.json.xz and prints how many were
 * tried and how many left out. Fails the cmocka test where one does not come out (its tcId and
 * comment are printed), or where fewer than `at_least` were tried. */
void vectors_run(const char *file, size_t at_least, vector_check *check);

/* test/vectors/FILE.json.xz, unpacked and read; the caller drops its reference. */
json_t *vectors_load(const char *file);

/* The bytes that a member gives in hexadecimal; a member that is not there is an empty span. They
 * live until the run ends, or until vectors_forget. */
struct span vector_hex(const json_t *object, const char *member);
void vectors_forget(void);
/* A text or a number; "" and 0 where there is none. */
const char *vector_text(const json_t *object, const char *member);
size_t vector_number(const json_t *object, const char *member);
bool vector_flag(const struct vector *v, const char *flag);

/* SubjectPublicKeyInfo in its parts, as struct signature_verifier has them. */
void vector_spki(struct span spki, struct span *algorithm, struct span *public_key);

/* Checks a vector with "msg" and "sig" against a public key, with the provider's verifier for this
 * key's algorithm and this scheme. counts becomes false where there is none. */
bool vector_verifies(const struct vector *v, struct span spki, unsigned scheme, bool *counts);

#endif
