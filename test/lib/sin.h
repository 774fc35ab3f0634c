/* Rows of misbehaviour: what a scripted peer does wrong, and what the connection must make of it. */
#ifndef GALVAN_TEST_SIN_H
#define GALVAN_TEST_SIN_H

#include "lib/script.h"

struct sin {
    const char *name;
    bool by_client;                  /* the sinner; the other role is held to account */
    void (*prepare)(struct bare *p); /* changes the configs; NULL: nothing */
    void (*act)(struct script *s);   /* from the connection's first moment on */
    enum gv_err err;                 /* GV_OK: it is no sin, and the connection lives on */
    int alert;
};
#define CLIENT_SINS(act, err, alert)                                                               \
    {                                                                                              \
#act, true, NULL, act, GV_E_##err, ALERT_##alert                                           \
    }
#define SERVER_SINS(act, err, alert)                                                               \
    {                                                                                              \
#act, false, NULL, act, GV_E_##err, ALERT_##alert                                          \
    }
#define CLIENT_SINS_AT(prepare, act, err, alert)                                                   \
    {                                                                                              \
#act, true, prepare, act, GV_E_##err, ALERT_##alert                                        \
    }
#define SERVER_SINS_AT(prepare, act, err, alert)                                                   \
    {                                                                                              \
#act, false, prepare, act, GV_E_##err, ALERT_##alert                                       \
    }
#define CLIENT_MAY(act)                                                                            \
    {                                                                                              \
#act, true, NULL, act, GV_OK, ALERT_NONE                                                   \
    }
#define SERVER_MAY(act)                                                                            \
    {                                                                                              \
#act, false, NULL, act, GV_OK, ALERT_NONE                                                  \
    }

/* A cmocka test for each row; answers the number of failures. */
int sins_run(const struct sin *sins, size_t count);

#endif
