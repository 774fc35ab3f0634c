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
    void (*whole)(void **state); /* instead of all that: a test that makes its own scripts */
};
/* clang-format off */
#define CLIENT_SINS_AT(prepare, act, err, alert) { #act, true, prepare, act, GV_E_##err, ALERT_##alert, NULL }
#define SERVER_SINS_AT(prepare, act, err, alert) { #act, false, prepare, act, GV_E_##err, ALERT_##alert, NULL }
#define CLIENT_MAY_AT(prepare, act) { #act, true, prepare, act, GV_OK, ALERT_NONE, NULL }
#define SERVER_MAY_AT(prepare, act) { #act, false, prepare, act, GV_OK, ALERT_NONE, NULL }
#define CLIENT_TEST(whole) { #whole, true, NULL, NULL, GV_OK, ALERT_NONE, whole }
#define SERVER_TEST(whole) { #whole, false, NULL, NULL, GV_OK, ALERT_NONE, whole }
/* clang-format on */
#define CLIENT_SINS(act, err, alert) CLIENT_SINS_AT(NULL, act, err, alert)
#define SERVER_SINS(act, err, alert) SERVER_SINS_AT(NULL, act, err, alert)
#define CLIENT_MAY(act) CLIENT_MAY_AT(NULL, act)
#define SERVER_MAY(act) SERVER_MAY_AT(NULL, act)

/* A cmocka test for each row, in that version, named by the version and the role that is held to
 * account; answers the number of failures. With GALVAN_LIST_TESTS in the environment the names are
 * printed, and nothing is run: misbehave/test_scenarios.sh counts by them. */
int sins_run(uint16_t version, const struct sin *sins, size_t count);

/* Fails the test unless the act ends so, as a row says; for tests that make many scripts. */
void sin_check(uint16_t version, const struct sin *sin);

#endif
