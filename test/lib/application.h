/* An application whose answers may come later: its callbacks choose a server's certificate and keep
 * sessions, and its connections tell what they wait for. Needs nothing of the library but its public
 * headers. */
#ifndef GALVAN_TEST_APPLICATION_H
#define GALVAN_TEST_APPLICATION_H

#include "galvan.h"
#include "lib/pair.h"

enum { VALUE_MAX = 4096, VALUES_MAX = 8 };
enum manner { AT_ONCE, LATER, NONE, REFUSING };

/* What the callbacks of a server's connections see as userdata. */
struct application {
    enum manner choice, store;
    const struct rustls_certified_key *key;
    char asked_for[32];
    unsigned choices, lookups;
    struct value {
        uint8_t key[32], at[VALUE_MAX];
        size_t len; /* 0: no entry */
    } values[VALUES_MAX];
    struct value found; /* what the last look-up would have answered at once */
};

/* The one that they see before a connection has any userdata. */
extern struct application *nobodys;

/* Its key is p256's. */
struct application *application(enum manner choice, enum manner store);
void application_free(struct application *app);
uint32_t application_choose(void *userdata, const struct rustls_client_hello *hello,
                            const struct rustls_certified_key **out);

struct configs {
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
};
/* A server that asks the application for both; that with a client. */
struct rustls_server_config_builder *asking_builder(uint16_t version);
struct configs configs_of(uint16_t version);
void configs_free(struct configs *c);

/* A connection whose server has that application, run until neither side has anything to say. */
struct pair *connect_in(const struct configs *c, struct application *app);
/* A first connection, with which the application has a session and the client too. */
void make_session(const struct configs *c, struct application *app);

/* Both sides say that the handshake is over, and was of that kind; the server hears the client. */
void assert_connected(struct pair *p, int kind);
/* The connection wants an answer to this question, and nothing else. */
void assert_asks(struct rustls_connection *conn, enum galvan_question question);
/* The same of a pair's server, and nothing is wrong with either side. */
void assert_waits(struct pair *p, enum galvan_question question);

#endif
