/* Keying material for the application, from what is left of a handshake that is over: one function
 * for each version (RFC 9846 section 7.5, RFC 5705), and the channel binding over both (RFC 9266).
 * Only values that a peer derives as well come out; no secret does. */
#include "handshake/internal.h"

enum {
    LABEL_MAX = 249,      /* bytes: HkdfLabel's 255 without "tls13 " */
    EXPORT_MAX = 255 * 32 /* bytes: what HKDF-Expand with SHA-256 can give (RFC 5869 section 2.3) */
};

/* What RFC 5705 section 4 and RFC 7627 section 4 keep for the handshake of TLS 1.2 itself. */
static bool is_reserved(const char *label)
{
    static const char *const reserved[] = {"client finished", "server finished", "master secret",
                                           "key expansion", "extended master secret"};

    for (size_t i = 0; i < COUNT_OF(reserved); i++)
        if (strcmp(label, reserved[i]) == 0)
            return true;
    return false;
}

/* One rule for all versions and suites, so that what works over one works over the others. An empty
 * label is none that IANA would register, but others take it, and so it has its value. */
static enum gv_err check(const char *label, const struct span *context, size_t len)
{
    if (strlen(label) > LABEL_MAX || is_reserved(label))
        RAISE(EXPORT_INVALID);
    if (context != NULL && context->len > UINT16_MAX)
        RAISE(EXPORT_INVALID);
    if (len == 0 || len > EXPORT_MAX)
        RAISE(EXPORT_INVALID);
    return GV_OK;
}

static enum gv_err export12(const struct hs *hs, const char *label, const struct span *context,
                            uint8_t *out, size_t len)
{
    const struct exporter12 e = {.alg = hs->agreed.suite->hash,
                                 .master = &hs->exporter,
                                 .client_random = SPAN_OF(hs->client_random),
                                 .server_random = SPAN_OF(hs->server_random)};
    return gv_exporter12(&e, label, context, out, len);
}

static enum gv_err export13(const struct hs *hs, const char *label, const struct span *context,
                            uint8_t *out, size_t len)
{
    const struct span none = {NULL, 0};
    return gv_exporter13(hs->agreed.suite->hash, &hs->exporter, label,
                         context == NULL ? none : *context, out, len);
}

enum gv_err gv_hs_export(const struct hs *hs, const char *label, const struct span *context,
                         uint8_t *out, size_t len)
{
    if (!gv_hs_is_over(hs))
        RAISE(HANDSHAKE_NOT_COMPLETE);
    TRY(check(label, context, len));
    return hs->agreed.version == TLS13 ? export13(hs, label, context, out, len)
                                       : export12(hs, label, context, out, len);
}

enum gv_err gv_hs_tls_exporter(const struct hs *hs, uint8_t out[TLS_EXPORTER_LEN])
{
    const struct span empty = {NULL, 0};

    if (!gv_hs_is_over(hs))
        RAISE(HANDSHAKE_NOT_COMPLETE);
    if (hs->agreed.version != TLS13 && !hs->extended_master_secret) /* RFC 9266 section 4.2 */
        RAISE(BINDING_NOT_UNIQUE);
    return gv_hs_export(hs, "EXPORTER-Channel-Binding", &empty, out, TLS_EXPORTER_LEN);
}
