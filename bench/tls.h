/* The two TLS libraries that are measured beside each other, seen in one way. */
#ifndef GALVAN_BENCH_TLS_H
#define GALVAN_BENCH_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes on their way, in memory. */
struct wire {
    uint8_t at[1 << 17];
    size_t start, end;
};

struct tls_setup {
    const char *certificate; /* of test/certs: "p256", "rsa2048"; ca.pem vouches for it */
    uint16_t version;        /* 0x0303 or 0x0304 */
    uint16_t suite;          /* IANA's number; 0: the library's first */
    bool resumes;            /* sessions are kept, one ticket is sent */
    uint16_t compression;    /* of certificates, IANA's number; 0: none (older libssl has none) */
    bool hybrid;             /* X25519MLKEM768 in place of X25519, where the library has it */
};

/* One library. Whatever fails stops the program. */
struct tls_library {
    const char *name;
    void *(*open)(const struct tls_setup *setup); /* both contexts; NULL: it cannot do this */
    void (*close)(void *contexts);
    void *(*client)(void *contexts); /* a connection, its ClientHello not yet on the wire */
    void *(*server)(void *contexts);
    /* Takes all that came, works, and puts on the wire what there is to say. */
    void (*step)(void *connection, struct wire *in, struct wire *out);
    bool (*is_done)(void *connection);
    bool (*has_resumed)(void *connection);
    void (*send)(void *connection, const uint8_t *data, size_t len, struct wire *out);
    size_t (*receive)(void *connection, struct wire *in, uint8_t *out, size_t cap);
    void (*free)(void *connection);
};

extern const struct tls_library bench_galvan, bench_libssl;

/* A client and a server of one library. */
struct couple {
    void *client, *server;
    struct wire up, down;
};

/* One handshake, all that follows from it read; adds the CPU time of the client, of the server. */
void tls_shake_hands(const struct tls_library *l, void *contexts, struct couple *p, double ns[2]);
void tls_separate(const struct tls_library *l, struct couple *p);

/* Puts n bytes on a wire; takes up to cap from it. */
void wire_put(struct wire *w, const uint8_t *data, size_t n);
size_t wire_take(struct wire *w, uint8_t *out, size_t cap);

#endif
