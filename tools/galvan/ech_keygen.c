/* galvan ech-keygen: a key for Encrypted Client Hello in a file of its own, and what is to be put into DNS
 * for it on standard output. */
#include "options.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: galvan ech-keygen --public-name NAME --out FILE [OPTION]...\n"
    "\n"
    "Makes a key with which clients can hide the name of the server that they ask for (Encrypted\n"
    "Client Hello, RFC 9849). Writes it to FILE, for galvan server --ech-key, and the\n"
    "configuration for clients to standard output: the value of \"ech\" in an HTTPS record in "
    "DNS.\n"
    "\n"
    "  --public-name NAME   the name that everybody may see; the server needs a certificate for "
    "it\n"
    "  --out FILE           a new file, in PEM (RFC 9934); it is to be kept secret\n"
    "  --kem KEM            x25519 (unless given), p256 or p384\n"
    "  --config-id N        0 to 255, best one that no other key of the server has; drawn unless\n"
    "                       given\n"
    "  --max-name N         bytes of the longest name that is to be hidden; clients fill up\n"
    "                       shorter ones to that\n"
    "  --help               this text\n"
    "\n"
    "Ends with 0, and with 2 when an option is wrong or the file cannot be written.\n";

struct wish {
    struct galvan_ech_config config;
    const char *out;
    bool has_id;
};

enum option_id { OPT_HELP = 'h', OPT_NAME = 256, OPT_OUT, OPT_KEM, OPT_ID, OPT_MAX_NAME };

static const struct option options[] = {
    {"public-name", required_argument, NULL, OPT_NAME},
    {"out", required_argument, NULL, OPT_OUT},
    {"kem", required_argument, NULL, OPT_KEM},
    {"config-id", required_argument, NULL, OPT_ID},
    {"max-name", required_argument, NULL, OPT_MAX_NAME},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool take_kem(struct wish *w, const char *value)
{
    static const struct {
        const char *name;
        uint16_t kem;
    } kems[] = {{"x25519", 0x0020}, {"p256", 0x0010}, {"p384", 0x0011}};
    for (size_t i = 0; i < COUNT_OF(kems); i++) {
        w->config.kem = kems[i].kem;
        if (strcmp(value, kems[i].name) == 0)
            return true;
    }
    tool_complain("--kem: \"%s\" is none of x25519, p256 and p384", value);
    return false;
}

static bool take_byte(uint8_t *out, const char *name, const char *value)
{
    long number;
    if (!option_number(&number, name, value, 0, UINT8_MAX))
        return false;
    *out = (uint8_t)number;
    return true;
}

static bool take_option(struct wish *w, int id, const char *value)
{
    switch (id) {
    case OPT_NAME:
        w->config.public_name = value;
        return true;
    case OPT_OUT:
        w->out = value;
        return true;
    case OPT_KEM:
        return take_kem(w, value);
    case OPT_ID:
        w->has_id = true;
        return take_byte(&w->config.config_id, "--config-id", value);
    default: /* OPT_MAX_NAME */
        return take_byte(&w->config.maximum_name_length, "--max-name", value);
    }
}

/* A file that is there already may be a key that is in use: it is never written over. */
static bool write_file(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        tool_complain("%s: %s", path, strerror(errno));
        return false;
    }
    bool ok = write(fd, bytes, len) == (ssize_t)len;
    ok = close(fd) == 0 && ok;
    if (!ok)
        tool_complain("%s: cannot be written: %s", path, strerror(errno));
    return ok;
}

/* The base64 between the lines of the ECHCONFIG section is the list as DNS has it, but for its line ends. */
static bool print_config(const char *pem)
{
    static const char begin[] = "-----BEGIN ECHCONFIG-----\n";
    const char *at = strstr(pem, begin);
    for (at = at == NULL ? "" : at + strlen(begin); *at != '\0' && *at != '-'; at++)
        if (*at != '\n')
            (void)putchar(*at);
    (void)putchar('\n');
    return fflush(stdout) == 0;
}

static int make(struct wish *w)
{
    uint8_t pem[GALVAN_ECH_PEM_SIZE + 1];
    size_t len = 0;
    rustls_result result = RUSTLS_RESULT_OK;
    if (!w->has_id)
        result = rustls_default_crypto_provider_random(&w->config.config_id, 1);
    if (result == RUSTLS_RESULT_OK)
        result = galvan_ech_generate(&w->config, pem, sizeof pem - 1, &len);
    if (result == RUSTLS_RESULT_INVALID_PARAMETER)
        tool_complain("--public-name: \"%s\" is no host name that clients would take",
                      w->config.public_name);
    else if (result != RUSTLS_RESULT_OK)
        tool_complain("cannot make a key");
    if (result != RUSTLS_RESULT_OK)
        return STATUS_USAGE;
    pem[len] = '\0';
    return write_file(w->out, pem, len) && print_config((const char *)pem) ? STATUS_OK
                                                                           : STATUS_USAGE;
}

int galvan_tool_ech_keygen(int argc, char **argv)
{
    struct wish w = {.config = {.kem = 0x0020}};
    int id;
    while ((id = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (id == OPT_HELP)
            return fputs(help, stdout) < 0 || fflush(stdout) != 0 ? STATUS_FAILED : STATUS_OK;
        if (id == '?' || !take_option(&w, id, optarg))
            return STATUS_USAGE;
    }
    if (optind == argc && w.config.public_name != NULL && w.out != NULL)
        return make(&w);
    tool_complain("wants --public-name NAME and --out FILE; --help says more");
    return STATUS_USAGE;
}
