/* Answers of the application's that come later: which one a connection waits for, and the giving of
 * it. */
#include "api/detail.h"
#include "api/objects.h"
#include "api/result.h"
#include "galvan.h"
#include "wire/codepoints.h"

bool galvan_connection_is_pending(const struct rustls_connection *conn)
{
    return conn != NULL && gv_connection_awaits(in_seen(conn)) != 0;
}

enum galvan_question galvan_connection_question(const struct rustls_connection *conn)
{
    switch (conn == NULL ? 0 : gv_connection_awaits(in_seen(conn))) {
    case MSG_SIGNATURE:
        return GALVAN_QUESTION_SIGNATURE;
    case MSG_CERTIFIED_KEY:
        return GALVAN_QUESTION_CERTIFIED_KEY;
    case MSG_SESSION:
        return GALVAN_QUESTION_SESSION;
    default:
        return GALVAN_QUESTION_NONE;
    }
}

static rustls_result give(struct rustls_connection *conn, const struct hs_answer *answer)
{
    enum gv_err err = gv_connection_take_answer(in_connection(conn), answer);

    if (err == GV_E_CALLED_FROM_CALLBACK || err == GV_E_NOTHING_PENDING || err == GV_OK)
        return gv_api_result(err);
    return gv_api_failure_result(gv_connection_failure(in_seen(conn)));
}

rustls_result galvan_connection_set_signature(struct rustls_connection *conn,
                                              const uint8_t *signature, size_t len)
{
    const struct hs_answer answer = {.to = MSG_SIGNATURE, .bytes = span_of(signature, len)};

    if (conn == NULL || (signature == NULL && len != 0))
        return RUSTLS_RESULT_NULL_PARAMETER;
    return give(conn, &answer);
}

rustls_result galvan_connection_set_certified_key(struct rustls_connection *conn,
                                                  const struct rustls_certified_key *key)
{
    const struct hs_answer answer = {.to = MSG_CERTIFIED_KEY, .key = in_certified_key(key)};

    if (conn == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return give(conn, &answer);
}

rustls_result galvan_connection_set_session(struct rustls_connection *conn, const uint8_t *value,
                                            size_t len)
{
    const struct hs_answer answer = {.to = MSG_SESSION, .bytes = span_of(value, len)};

    if (conn == NULL || (value == NULL && len != 0))
        return RUSTLS_RESULT_NULL_PARAMETER;
    return give(conn, &answer);
}
