/* What the scripted peer's files share, and tests do not need: the parts that each version does in its
 * own way, and the pieces that they are made of. */
#ifndef GALVAN_TEST_SCRIPT_INSIDE_H
#define GALVAN_TEST_SCRIPT_INSIDE_H

#include "lib/script.h"

struct script_parts {
    void (*client_hello)(struct script *s, struct hello *h);
    void (*server_hello)(struct script *s, struct hello *h);
    bool (*take_hello)(struct script *s);
    void (*certificate)(struct script *s, const char *name);
    void (*certificate_verify)(struct script *s, const char *name, uint16_t scheme);
    void (*finished)(struct script *s);
    void (*handshake)(struct script *s);
};
extern const struct script_parts script_tls12, script_tls13;

#define SCRIPT_RANDOM "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"

/* Takes the first record off what the connection wrote; opened, where there are keys. */
bool script_next_record(struct script *s, uint8_t *type, struct span *plain);
/* The transcript's digest so far, in TLS 1.3. */
struct span script_digest(struct script *s, uint8_t out[HASH_MAX]);
struct span script_u16(uint16_t n);
/* A certificate of test/certs; read once. */
struct span script_der(const char *name);
/* The two bytes of a scheme, then the vector of that key's signature; scheme 0: the key's own. What
 * is signed may be of another scheme than is said. */
struct span script_signature(const char *name, uint16_t scheme, struct span content);

#endif
