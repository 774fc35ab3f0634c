/* Connects to servers on this machine, one after the other, as one client that remembers its
 * sessions, and shows how each connection was made. */
#include "tls_io.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SECONDS = 5, RESPONSE_MAX = 4096 };

static void must(rustls_result result, const char *what)
{
    char text[256];
    size_t n;
    if (result == RUSTLS_RESULT_OK)
        return;
    rustls_error(result, text, sizeof text, &n);
    (void)fprintf(stderr, "%s: %.*s\n", what, (int)n, text);
    exit(2);
}

static struct rustls_server_cert_verifier *make_verifier(const char *ca_path)
{
    size_t len;
    char *pem = read_file(ca_path, &len);
    struct rustls_root_cert_store_builder *roots = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL;
    struct rustls_server_cert_verifier *verifier = NULL;

    must(rustls_root_cert_store_builder_add_pem(roots, (uint8_t *)pem, len, true), ca_path);
    must(rustls_root_cert_store_builder_build(roots, &store), ca_path);
    struct rustls_web_pki_server_cert_verifier_builder *builder =
        rustls_web_pki_server_cert_verifier_builder_new(store);
    must(rustls_web_pki_server_cert_verifier_builder_build(builder, &verifier), ca_path);
    rustls_web_pki_server_cert_verifier_builder_free(builder);
    rustls_root_cert_store_free(store);
    rustls_root_cert_store_builder_free(roots);
    free(pem);
    return verifier;
}

static const struct rustls_client_config *make_config(const char *ca_path, uint16_t version)
{
    const struct rustls_crypto_provider *provider = rustls_crypto_provider_default();
    struct rustls_client_config_builder *builder = NULL;
    const struct rustls_client_config *config = NULL;
    struct rustls_server_cert_verifier *verifier = make_verifier(ca_path);

    must(rustls_client_config_builder_new_custom(provider, &version, 1, &builder), "config");
    rustls_client_config_builder_set_server_verifier(builder, verifier);
    must(rustls_client_config_builder_build(builder, &config), "config");
    rustls_server_cert_verifier_free(verifier);
    rustls_crypto_provider_free(provider);
    return config;
}

static int connect_to(long port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    return fd;
}

/* Reads until the server closes; the response is terminated by a NUL. */
static bool read_response(struct tls *t, char response[RESPONSE_MAX])
{
    size_t len = 0, n;
    while (tls_step(t)) {
        do {
            if (!tls_read(t, response + len, RESPONSE_MAX - 1 - len, &n)) {
                response[len] = '\0';
                return !t->cut;
            }
            len += n;
        } while (n != 0);
    }
    return false;
}

static bool fetch(const struct rustls_client_config *config, long port)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    char response[RESPONSE_MAX];
    struct rustls_connection *conn = NULL;
    struct tls t;
    size_t n;
    must(rustls_client_connection_new(config, "localhost", &conn), "connection");
    tls_begin(&t, conn, connect_to(port), SECONDS);
    (void)rustls_connection_write(conn, (const uint8_t *)request, sizeof request - 1, &n);
    bool ok = read_response(&t, response);
    const char *body = ok ? strstr(response, "\r\n\r\n") : NULL;
    if (body != NULL)
        (void)printf("%ld here %s; there %s", port, tls_kind(conn), body + 4);
    tls_end(&t);
    return body != NULL;
}

int main(int argc, char **argv)
{
    const bool tls12 = argc > 2 && strcmp(argv[2], "1.2") == 0;
    if (argc < 4 || (!tls12 && strcmp(argv[2], "1.3") != 0)) {
        (void)fprintf(stderr, "usage: %s CA.pem 1.2|1.3 PORT...\n", argv[0]);
        return 2;
    }
    const struct rustls_client_config *config =
        make_config(argv[1], tls12 ? RUSTLS_TLS_VERSION_TLSV1_2 : RUSTLS_TLS_VERSION_TLSV1_3);
    bool ok = true;
    for (int i = 3; i < argc; i++)
        ok = fetch(config, strtol(argv[i], NULL, 10)) && ok;
    rustls_client_config_free(config);
    return ok ? 0 : 1;
}
