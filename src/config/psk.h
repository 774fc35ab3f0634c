/* External pre-shared keys (RFC 9846 section 4.2.11): what both sides have beforehand, used as it is
 * or imported (RFC 9258). Made once, then immutable; wiped when they go. */
#ifndef GALVAN_CONFIG_PSK_H
#define GALVAN_CONFIG_PSK_H

#include "crypto/provider.h"

enum {
    PSK_KEY_MIN = 16, /* bytes; RFC 9257 section 6: at least 128 bits of entropy */
    PSK_KEY_MAX = SECRET_MAX,
    PSK_IDENTITY_MAX = 1024, /* bytes, its context included */
    PSK_WIRE_MAX = PSK_IDENTITY_MAX + 8,
    PSK_MARK_LEN = 32,
    CLIENT_PSKS_MAX = 4,
    SERVER_PSKS_MAX = 64,
    PSK_TARGETS = 2 /* the digests of TLS 1.3's suites, SHA-256 and SHA-384: one import for each */
};

/* What the application has. Borrowed. */
struct psk_source {
    struct span identity, context, key;
    uint8_t hash_len; /* 32 or 48: the digest that the key is for */
    bool imported;
};

/* A key's name: as it stands in a ClientHello, and the parts of it that the application knows. */
struct psk_name {
    struct span wire;              /* PskIdentity.identity; empty: there is no key */
    struct span identity, context; /* imported: in wire; else identity is wire */
    bool imported;
};

struct psk {
    struct psk_name name;
    const struct hash_alg *hash; /* suites of this digest go with it */
    struct secret key;           /* what the key schedule begins with */
};

/* The parts of a name, which stays borrowed; false where it is not what RFC 9258 section 5.1 has for
 * TLS 1.3. *kdf_len: bytes of the digest that it was imported for. */
bool gv_psk_read_import(struct span wire, struct psk_name *out, uint8_t *kdf_len);

/* PSK_INVALID where key, identity or context are not of their lengths, or a context comes without
 * import; PSK_WEAK where a key is plainly no random one. */
enum gv_err gv_psk_check(const struct psk_source *from);

/* Makes *out, whose name goes into memory of PSK_WIRE_MAX bytes, for suites of that digest.
 * PSK_INVALID where the provider has no digest for the key. */
enum gv_err gv_psk_make(struct psk *out, uint8_t *memory, const struct psk_source *from,
                        const struct provider *provider, const struct hash_alg *target);

/* The provider's digest of that length in a suite of TLS 1.3; NULL: it has none. */
const struct hash_alg *gv_psk_hash(const struct provider *provider, uint8_t len);

/* What a session keeps of its key, so that it goes with the key: a one-way function of it. */
enum gv_err gv_psk_mark(const struct psk *psk, uint8_t out[PSK_MARK_LEN]);

/* ---- lists ----------------------------------------------------------------------------------- */

/* Owned; imported ones stand in it once for each digest. */
struct psk_list {
    struct psk *at;
    size_t count;
    uint8_t *names;
    size_t names_len;
};

/* Replaces the list. What gv_psk_check raises; PSK_INVALID where two have one name; NO_MEMORY. */
enum gv_err gv_psk_list_set(struct psk_list *list, const struct provider *provider,
                            const struct psk_source *from, size_t count);
void gv_psk_list_drop(struct psk_list *list);
/* The one of that name, or NULL. */
const struct psk *gv_psk_list_find(const struct psk_list *list, struct span wire);

/* ---- what the application looks up ------------------------------------------------------------ */

struct psk_question {
    void *userdata; /* of the connection */
    struct psk_name name;
    bool found; /* the answer: */
    struct secret key;
    uint8_t hash_len;
};

/* Stands in a server's config beside its list. */
struct psk_finder {
    /* Any error ends the handshake. */
    enum gv_err (*find)(const struct psk_finder *finder, struct psk_question *question);
    void (*callback)(void); /* find's own business: to be cast to the type that it was */
};

/* Asks for the key of that name: for what it would be if it was imported, then for what it is.
 * Answers it in *out as gv_psk_make does, with *found. */
enum gv_err gv_psk_ask(const struct psk_finder *finder, const struct provider *provider,
                       struct psk_question *question, struct psk *out, uint8_t *memory);

#endif
