/* What the shim's own files share. Everything here speaks of one connection with the runner. */
#ifndef GALVAN_TEST_BOGO_SHIM_H
#define GALVAN_TEST_BOGO_SHIM_H

#include "bogo/options.h"
#include "galvan.h"

/* Exit statuses that the runner knows. */
enum outcome { OUTCOME_GOOD = 0, OUTCOME_BAD = 1, OUTCOME_UNIMPLEMENTED = 89 };

struct setup {
    const struct rustls_client_config *client; /* one of them */
    const struct rustls_server_config *server;
};

struct link {
    int fd;
    bool bytewise;  /* one byte at a time */
    long may_write; /* bytes that are let through, -1 for all */
};

struct exchange {
    const struct options *options;
    const struct options *retried; /* what is expected where early data was rejected */
    const struct setup *setup;
    struct rustls_connection *conn;
    struct link link;
    struct {
        const struct rustls_certified_key *key;
        uint16_t scheme;
        uint8_t *message; /* on the heap */
        size_t len;
    } asked; /* for a signature */
    struct {
        uint8_t key[64];
        size_t len;
        int remove_after;
    } wanted;    /* a session */
    size_t said; /* bytes of hello that went early */
    bool is_resume;
    bool saw_ocsp;        /* the verifier saw the OCSP response that was expected */
    bool saw_authorities; /* the server named those that were expected */
    bool ended;           /* the peer's bytes are at their end */
};

/* Why something failed, on stderr. Answers false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- setup.c ------------------------------------------------------------------------------------- */
/* Makes the config of a connection; before: that of the one before, whose sessions it takes over. */
enum outcome setup_make(struct setup *out, const struct options *o, const struct setup *before);
void setup_drop(struct setup *s);
/* What servers kept of their sessions, and the key that is chosen. */
void setup_forget_sessions(void);

/* A session that was kept, as the callback of the public API answers. */
uint32_t setup_get_session(const struct rustls_slice_bytes *key, int remove_after, uint8_t *buf,
                           size_t count, size_t *out_n);

/* ---- later.c ------------------------------------------------------------------------------------- */
/* A key that signs later, of one that could at once, which it owns from then on. NULL on failure. */
const struct rustls_certified_key *signer_elsewhere(const struct rustls_certified_key *key,
                                                    const uint8_t *chain, size_t chain_len);
/* The key that is chosen from now on, which it owns; NULL: none. */
void later_own(const struct rustls_certified_key *key);
/* Callbacks that answer later with -async, and fail where a flag says so. */
uint32_t later_choose_by_hello(void *userdata, const struct rustls_client_hello *hello,
                               const struct rustls_certified_key **out);
uint32_t later_choose_by_request(void *userdata, const struct galvan_certificate_request *request,
                                 const struct rustls_certified_key **out);
uint32_t later_get(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                   uint8_t *buf, size_t count, size_t *out_n);
/* Gives the connection what it waits for. */
rustls_result later_answer(struct exchange *x);

/* ---- secrets.c ----------------------------------------------------------------------------------- */
/* Takes the traffic secrets of TLS 1.3 down as they are logged. */
void secrets_log(struct rustls_str label, const uint8_t *client_random, size_t client_random_len,
                 const uint8_t *secret, size_t secret_len);
/* Says what -export-* ask for. */
bool secrets_tell(struct exchange *x);
bool secrets_export(struct exchange *x, uint8_t *out, size_t len);

/* ---- errors.c -------------------------------------------------------------------------------------- */
/* Says in BoringSSL's words why a connection failed. Answers false. */
bool complain_of(const struct galvan_error_detail *detail);
/* The same of an error that comes of a call. Answers false. */
bool complain_of_result(const char *what, rustls_result result);

/* ---- link.c ------------------------------------------------------------------------------------------ */
/* Connects with the runner; told: it gave the shim an id. */
bool link_open(struct link *l, const struct options *o, bool told, long shim_id);
/* Closes so that what was sent last arrives. */
void link_close(struct link *l);
rustls_io_result link_read(void *link, uint8_t *buf, size_t n, size_t *out_n);
rustls_io_result link_write(void *link, const uint8_t *buf, size_t n, size_t *out_n);

/* ---- exchange.c ---------------------------------------------------------------------------------------- */
/* The whole life of a connection. */
bool exchange_run(struct exchange *x);
/* Says something to the runner. */
bool exchange_say(struct exchange *x, const uint8_t *data, size_t len);

/* ---- checks.c -------------------------------------------------------------------------------------------- */
/* Holds what was agreed against what is expected. */
bool checks_pass(const struct exchange *x);
/* The same of what a server told that rejected Encrypted Client Hello. */
bool checks_pass_retry_configs(const struct exchange *x);

#endif
