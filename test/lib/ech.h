/* Servers with keys for Encrypted Client Hello, and clients that use them: "localhost" is the name that is
 * seen, www.example.com the one that is hidden, and the server shows a certificate for the name that
 * it is asked for. */
#ifndef GALVAN_TEST_ECH_H
#define GALVAN_TEST_ECH_H

#include "galvan.h"
#include "lib/pair.h"

#define ECH_HIDDEN "www.example.com"
#define ECH_PUBLIC "localhost"

enum { ECH_LIST_MAX = 2048 };
struct ech_list {
    uint8_t at[ECH_LIST_MAX];
    size_t len;
};

/* Fresh keys, with a config of that id for the public name and that KEM, told on retry; one more. */
struct galvan_ech_keys *ech_keys_of(uint8_t config_id, uint16_t kem);
void ech_keys_put(struct galvan_ech_keys *keys, uint8_t config_id, uint16_t kem, bool retry);
/* Its configurations. */
struct ech_list ech_list_of(const struct galvan_ech_keys *keys);

/* The server's config with these keys, which may be NULL. Where
 * `retries`: two key exchange groups of which clients send no share. */
struct rustls_server_config_builder *ech_server(struct galvan_ech_keys *keys, bool retries);
struct rustls_client_config_builder *ech_client(const struct ech_list *list);
struct rustls_client_config_builder *ech_grease_client(void);

/* The name that the server's callback saw last. */
const char *ech_name_seen(void);

/* Whether a wire has these bytes anywhere. */
bool ech_is_on(const struct wire *w, const char *text);

#endif
