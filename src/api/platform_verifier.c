/* The verifier that trusts what the system trusts: the bundles and directories where systems keep
 * their roots, or what SSL_CERT_FILE and SSL_CERT_DIR name. Read once, when it is first asked for,
 * and kept as long as the process. */
#include "api/objects.h"
#include "api/result.h"
#include "api/root_cert_store.h"
#include "base/env.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/webpki_verifier.h"
#include "galvan.h"

#include <stdatomic.h>

/* The first that is there is the system's. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Arch, Gentoo */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* older ones of these */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/pki/tls/cacert.pem",                           /* OpenELEC */
    "/etc/ssl/cert.pem",                                 /* Alpine, OpenBSD */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD */
};
static const char *const directories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

enum { DIRECTORY_ROOM = 4096 };

static bool add_file(void *anchors, const char *path)
{
    (void)gv_api_add_roots_of_file(anchors, path, false); /* other files stand there as well */
    return true;
}

static void add_system_bundle(struct anchor_builder *b)
{
    for (size_t i = 0; i < COUNT_OF(bundles) && gv_anchor_builder_count(b) == 0; i++)
        (void)add_file(b, bundles[i]);
    for (size_t i = 0; i < COUNT_OF(directories) && gv_anchor_builder_count(b) == 0; i++)
        (void)gv_dir_visit(directories[i], add_file, b);
}

/* Directories between colons. */
static void add_directories(struct anchor_builder *b, const char *list)
{
    char path[DIRECTORY_ROOM];
    while (*list != '\0') {
        size_t n = strcspn(list, ":");
        if (n > 0 && n < sizeof path) {
            memcpy(path, list, n);
            path[n] = '\0';
            (void)gv_dir_visit(path, add_file, b);
        }
        list += n + (list[n] == ':');
    }
}

static void add_platform_roots(struct anchor_builder *b)
{
    const char *file = gv_env_get("SSL_CERT_FILE"), *dirs = gv_env_get("SSL_CERT_DIR");
    if (file != NULL)
        (void)add_file(b, file);
    if (dirs != NULL)
        add_directories(b, dirs);
    if (file == NULL && dirs == NULL)
        add_system_bundle(b);
}

static struct anchor_set *load_platform_roots(void)
{
    struct anchor_builder b;
    struct anchor_set *set = NULL;
    gv_anchor_builder_init(&b, gv_openssl_provider());
    add_platform_roots(&b);
    if (gv_anchor_builder_count(&b) != 0 && gv_anchor_builder_build(&b, &set) != GV_OK)
        set = NULL;
    gv_anchor_builder_drop(&b);
    return set;
}

/* What the platform trusts; NULL where nothing is found. Borrowed. */
static struct anchor_set *platform_roots(void)
{
    static struct anchor_set *_Atomic loaded;
    struct anchor_set *set = atomic_load(&loaded), *none = NULL;
    if (set != NULL)
        return set;
    set = load_platform_roots();
    if (set == NULL || atomic_compare_exchange_strong(&loaded, &none, set))
        return set;
    gv_anchor_set_free(set);
    return none; /* another thread's, which was first */
}

static rustls_result new_verifier(const struct provider *provider, struct verifier **out)
{
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    const struct webpki_options o = {
        .provider = provider, .anchors = platform_roots(), .limits = PATH_LIMITS_DEFAULT};
    if (o.anchors == NULL)
        return RUSTLS_RESULT_GENERAL;
    return gv_api_result(gv_webpki_server_verifier_new(&o, out));
}

rustls_result rustls_platform_server_cert_verifier(
    struct rustls_server_cert_verifier **verifier_out)
{
    struct verifier *v = NULL;
    if (verifier_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result = new_verifier(gv_api_default_provider(), &v);
    if (result == RUSTLS_RESULT_OK)
        *verifier_out = out_server_verifier(v);
    return result;
}

rustls_result rustls_platform_server_cert_verifier_try_with_provider(
    const struct rustls_crypto_provider *provider,
    struct rustls_server_cert_verifier **verifier_out)
{
    struct verifier *v = NULL;
    if (provider == NULL || verifier_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result = new_verifier(in_provider(provider), &v);
    *verifier_out = result == RUSTLS_RESULT_OK ? out_server_verifier(v) : NULL;
    return result;
}

struct rustls_server_cert_verifier *rustls_platform_server_cert_verifier_with_provider(
    const struct rustls_crypto_provider *provider)
{
    struct rustls_server_cert_verifier *v = NULL;
    return rustls_platform_server_cert_verifier_try_with_provider(provider, &v) == RUSTLS_RESULT_OK
               ? v
               : NULL;
}

rustls_result galvan_platform_root_cert_store(
    const struct rustls_root_cert_store **root_cert_store_out)
{
    if (root_cert_store_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct anchor_set *roots = platform_roots();
    if (roots == NULL)
        return RUSTLS_RESULT_GENERAL;
    *root_cert_store_out = out_roots(gv_anchor_set_ref(roots));
    return RUSTLS_RESULT_OK;
}
