/* The acceptor of rustls.h: checks for NULL, and calls of connection/. Nothing is decided here. */
#include "api/detail.h"
#include "api/objects.h"
#include "api/result.h"
#include "api/slices.h"
#include "base/reader.h"
#include "wire/hello.h"

#include <errno.h>

struct rustls_acceptor *rustls_acceptor_new(void)
{
    return out_acceptor(gv_acceptor_new());
}

void rustls_acceptor_free(struct rustls_acceptor *acceptor)
{
    gv_acceptor_free(in_acceptor(acceptor));
}

rustls_io_result rustls_acceptor_read_tls(struct rustls_acceptor *acceptor,
                                          rustls_read_callback callback, void *userdata,
                                          size_t *out_n)
{
    if (acceptor == NULL || callback == NULL || out_n == NULL)
        return EINVAL;
    return gv_acceptor_read_tls(in_acceptor(acceptor), callback, userdata, out_n);
}

rustls_result rustls_acceptor_accept(struct rustls_acceptor *acceptor,
                                     struct rustls_accepted **out_accepted,
                                     struct rustls_accepted_alert **out_alert)
{
    if (acceptor == NULL || out_accepted == NULL || out_alert == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct accepted *accepted;
    struct connection *failed;
    enum gv_err err = gv_acceptor_accept(in_acceptor(acceptor), &accepted, &failed);
    if (err == GV_OK)
        *out_accepted = out_accepted_hello(accepted);
    else if (err != GV_E_ACCEPTOR_NOT_READY)
        *out_alert = out_accepted_alert(failed);
    return gv_api_result(err);
}

/* ---- what the client says ----------------------------------------------------------------- */

/* Of NULL, and once it is a connection: nothing. */
static const struct hello_facts *hello(const struct rustls_accepted *accepted)
{
    static const struct hello_facts nothing;
    return accepted == NULL ? &nothing : gv_accepted_hello(in_seen_hello(accepted));
}

static uint16_t number(struct span list, size_t i)
{
    return i < list.len / 2 ? span_u16(list, i) : 0;
}

struct rustls_str rustls_accepted_server_name(const struct rustls_accepted *accepted)
{
    return gv_api_str(hello(accepted)->server_name);
}

uint16_t rustls_accepted_signature_scheme(const struct rustls_accepted *accepted, size_t i)
{
    return number(hello(accepted)->schemes, i);
}

uint16_t rustls_accepted_cipher_suite(const struct rustls_accepted *accepted, size_t i)
{
    return number(hello(accepted)->suites, i);
}

struct rustls_slice_bytes rustls_accepted_alpn(const struct rustls_accepted *accepted, size_t i)
{
    struct span rest = hello(accepted)->alpn, name;
    while (gv_next_vec8(&rest, &name))
        if (i-- == 0)
            return gv_api_bytes(name);
    return gv_api_bytes(span_of(NULL, 0));
}

/* ---- what becomes of it ------------------------------------------------------------------- */

rustls_result rustls_accepted_into_connection(struct rustls_accepted *accepted,
                                              const struct rustls_server_config *config,
                                              struct rustls_connection **out_conn,
                                              struct rustls_accepted_alert **out_alert)
{
    if (accepted == NULL || config == NULL || out_conn == NULL || out_alert == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct connection *conn, *failed;
    enum gv_err err = gv_accepted_into_connection(in_accepted_hello(accepted),
                                                  in_server_config(config), &conn, &failed);
    if (err == GV_OK)
        *out_conn = out_connection(conn);
    if (failed == NULL)
        return gv_api_result(err);
    *out_alert = out_accepted_alert(failed);
    return gv_api_failure_result(gv_connection_failure(failed));
}

void rustls_accepted_free(struct rustls_accepted *accepted)
{
    gv_accepted_free(in_accepted_hello(accepted));
}

/* ---- what the client is told -------------------------------------------------------------- */

rustls_io_result rustls_accepted_alert_write_tls(struct rustls_accepted_alert *accepted_alert,
                                                 rustls_write_callback callback, void *userdata,
                                                 size_t *out_n)
{
    if (accepted_alert == NULL || callback == NULL || out_n == NULL)
        return EINVAL;
    return gv_connection_write_tls(in_accepted_alert(accepted_alert), callback, userdata, out_n);
}

void rustls_accepted_alert_free(struct rustls_accepted_alert *accepted_alert)
{
    gv_connection_free(in_accepted_alert(accepted_alert));
}

rustls_result galvan_accepted_alert_error_detail(const struct rustls_accepted_alert *accepted_alert,
                                                 struct galvan_error_detail *detail_out,
                                                 size_t detail_size)
{
    if (accepted_alert == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_detail(gv_connection_failure(in_seen_alert(accepted_alert)), detail_out,
                         detail_size);
}
