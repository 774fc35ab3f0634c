/* The scripted server's part in Encrypted Client Hello (RFC 9849): a key, a configuration for it, the
 * opening of what a client sealed, and the confirmations. It decodes the inner hello by itself. */
#ifndef GALVAN_TEST_SCRIPT_ECH_H
#define GALVAN_TEST_SCRIPT_ECH_H

#include "crypto/hpke.h"
#include "lib/script.h"
#include "wire/hello.h"

#define SCRIPT_ECH_PUBLIC_NAME "public.example"

/* The hellos that were taken last. Spans live as long as exact_copy's. */
struct script_ech {
    struct hpke context; /* of the first hello, for the second one */
    struct span outer, inner;
    struct client_hello outer_read, inner_read;
};

/* An ECHConfigList with one configuration, for the key; and one for another key, with another id. */
struct span script_ech_list(void);
struct span script_ech_other_list(void);

/* For a row's prepare: the client offers the first list, or pretends. */
void script_ech_enable(struct bare *p);
void script_ech_enable_grease(struct bare *p);

/* Takes the client's hello. _open goes on with the inner one, as if the outer one had not been; _read
 * with the outer one. */
void script_ech_open(struct script *s, struct script_ech *e);
void script_ech_read(struct script *s, struct script_ech *e);

/* Make the hello confirm, as it stands; it must not change after that. */
void script_ech_confirm(struct script *s, const struct script_ech *e, struct hello *h);
void script_ech_confirm_retry(struct script *s, const struct script_ech *e, struct hello *h);

/* EncryptedExtensions with this list as retry_configs. */
void script_ech_retry_configs(struct script *s, struct span list);
void script_ech_drop(struct script_ech *e);

#endif
