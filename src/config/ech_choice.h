/* How a client hides its ClientHello (RFC 9849): with which of a server's configurations, or, where it
 * has none, that it pretends to (GREASE, section 6.2). Immutable. */
#ifndef GALVAN_CONFIG_ECH_CHOICE_H
#define GALVAN_CONFIG_ECH_CHOICE_H

#include "crypto/hpke.h"
#include "wire/ech.h"

struct server_name; /* pki/name.h */

struct ech_choice {
    bool is_grease; /* then the rest is empty */
    struct hpke_suite suite;
    struct ech_suite code;    /* the suite's numbers */
    struct ech_config config; /* its spans live as long as the choice */
    struct span info;         /* of the HPKE context (section 6.1) */
    const struct server_name *public_name;
};

/* The first configuration of an ECHConfigList that can be used (section 6.1): of our version, without
 * extensions that must be understood, with a public name that is a host name (section 6.1.7), a key
 * that is one, and a suite of the provider's. DECODE_ECH_CONFIGS; ECH_NO_CONFIG where none can be. */
MUST_USE enum gv_err gv_ech_choice_new(struct ech_choice **out, const struct provider *p,
                                       struct span list);
MUST_USE enum gv_err gv_ech_choice_new_grease(struct ech_choice **out);
void gv_ech_choice_free(struct ech_choice *c); /* NULL is fine */

#endif
