/* What the runner wants to be told of a connection's secrets: exported keying material, and the
 * traffic secrets as the key log has them. */
#include "bogo/shim.h"

#include <stdlib.h>
#include <string.h>

enum { SECRET_MAX = 64 };

/* By who writes under it: the client, the server. */
static struct traffic {
    uint8_t at[SECRET_MAX];
    size_t len;
} traffic[2];

void secrets_log(struct rustls_str label, const uint8_t *client_random, size_t client_random_len,
                 const uint8_t *secret, size_t secret_len)
{
    static const char *const labels[] = {"CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"};

    (void)client_random, (void)client_random_len;
    for (size_t i = 0; i < 2; i++)
        if (label.len == strlen(labels[i]) && memcmp(label.data, labels[i], label.len) == 0 &&
            secret_len <= SECRET_MAX) {
            memcpy(traffic[i].at, secret, secret_len);
            traffic[i].len = secret_len;
        }
}

static bool tell_traffic(struct exchange *x)
{
    const struct traffic *theirs = &traffic[!x->options->server ? 1 : 0];
    const struct traffic *ours = &traffic[x->options->server ? 1 : 0];
    const uint8_t len[] = {(uint8_t)ours->len, (uint8_t)(ours->len >> 8)};

    if (!x->options->export_traffic_secrets)
        return true;
    return exchange_say(x, len, sizeof len) && exchange_say(x, theirs->at, theirs->len) &&
           exchange_say(x, ours->at, ours->len);
}

bool secrets_export(struct exchange *x, uint8_t *out, size_t len)
{
    const struct options *o = x->options;
    const char *label = o->export_label == NULL ? "some label" : o->export_label;
    const char *context = o->export_context == NULL ? "" : o->export_context;

    rustls_result r = galvan_connection_export_keying_material(
        x->conn, label, o->use_export_context ? (const uint8_t *)context : NULL,
        o->use_export_context ? strlen(context) : 0, out, len);
    return r == RUSTLS_RESULT_OK ||
           complain("failed to export keying material %s",
                    r == RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE ? ":HANDSHAKE_NOT_COMPLETE:" : "");
}

static bool tell_exported(struct exchange *x)
{
    const size_t len = (size_t)x->options->export_keying_material;
    uint8_t *out;

    if (x->options->export_keying_material <= 0)
        return true;
    out = malloc(len);
    bool good = out != NULL && secrets_export(x, out, len) && exchange_say(x, out, len);
    free(out);
    return good;
}

bool secrets_tell(struct exchange *x)
{
    return tell_exported(x) && tell_traffic(x);
}
