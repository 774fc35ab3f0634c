/* Configs from options and the files that they name. Whatever cannot be used is said on standard
 * error, in one line that begins with the file's name. */
#ifndef GALVAN_TOOL_CONFIG_H
#define GALVAN_TOOL_CONFIG_H

#include "options.h"
#include "psk.h"
#include "text.h"

enum { KEYS_MAX = 16 };

struct tls_options {
    const char *ca;             /* PEM file of trusted roots; NULL: none was given */
    const char *cert[KEYS_MAX]; /* PEM files of chains, and of their keys */
    const char *key[KEYS_MAX];
    size_t cert_count, key_count;
    const char *keylog; /* file to append secrets to; NULL: none */
    const char *ech;    /* client: an ECHConfigList in base64, or a file with one; NULL: none */
    bool ech_grease;    /* client: pretend to have one */
    const char *ech_key[KEYS_MAX]; /* server: PEM files of keys for it */
    size_t ech_key_count;
    struct alpn alpn;
    struct psks psks;         /* with none, certificates are all there is */
    struct groups groups;     /* none: the default ones */
    bool insecure;            /* client: believe any certificate */
    bool require_client_cert; /* server: else, with ca, a client may do without */
    bool early_data;          /* client: send some where a session allows it */
    long max_early_data;      /* server: bytes that it takes; 0: none */
    bool tickets;             /* server: sessions are sealed into tickets, not kept */
    bool tls12, tls13;        /* that version, or those two; none: the default ones */
};

/* A client for which nothing but a pre-shared key will do: no roots were given either. */
bool config_is_psk_only(const struct tls_options *o);

/* A counted reference, or NULL after a complaint. */
const struct rustls_client_config *config_client(const struct tls_options *o);
const struct rustls_server_config *config_server(const struct tls_options *o);

/* The content of a file, in *out, to be dropped; false after a complaint. */
bool config_read_file(struct text *out, const char *path);

/* The roots of a PEM file; NULL after a complaint. */
const struct rustls_root_cert_store *config_roots(const char *path);

/* --cert, --key or --ech-key was given once more; false after a complaint where it was too often. */
bool config_add_file(const char *list[KEYS_MAX], size_t *count, const char *path);

#endif
