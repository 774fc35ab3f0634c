/* galvan inspect: what stands in files of certificates, revocation lists and keys, in words. */
#include "config.h"
#include "describe.h"
#include "tool.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
    "Usage: galvan inspect FILE...\n"
    "\n"
    "Says in words what stands in certificates, certificate revocation lists and private keys, in\n"
    "PEM (all of them that are in a file) or DER. Nothing secret of a key is shown, and nothing "
    "is\n"
    "verified: galvan verify does that.\n"
    "\n"
    "Ends with 0 when all files could be read, 1 when one holds something that could not, 2 when\n"
    "an option or a file is wrong.\n";

struct view {
    struct text *to;
    const char *path;
    size_t count; /* of things told */
};

/* A field a line; "is" begins with the next thing. */
static void add_field(void *userdata, const char *field, const char *value)
{
    struct view *v = userdata;
    char label[32];
    size_t n = 0;
    if (strcmp(field, "is") == 0) {
        text_format(v->to, "%s%s: %s\n", v->count++ == 0 ? "" : "\n", v->path, value);
        return;
    }
    for (; field[n] != '\0' && n + 1 < sizeof label; n++)
        label[n] = field[n] == '_' ? ' ' : field[n];
    label[n] = '\0';
    text_format(v->to, "  %-14s %s\n", label, value);
}

static int inspect_file(const char *path)
{
    struct text file, out = {.at = NULL};
    struct view v = {&out, path, 0};
    if (!config_read_file(&file, path))
        return STATUS_USAGE;
    const uint8_t *data = (const uint8_t *)(file.at == NULL ? "" : file.at);
    rustls_result result = galvan_inspect(data, file.len, add_field, &v);
    text_wipe(&file); /* it may be a private key */
    if (!text_print(&out, stdout))
        return STATUS_FAILED;
    if (result == RUSTLS_RESULT_OK)
        return STATUS_OK;
    tool_complain("%s: %s no certificate, revocation list or private key that can be read", path,
                  v.count == 0 ? "holds" : "what follows is");
    return STATUS_FAILED;
}

int galvan_tool_inspect(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int id = getopt_long(argc, argv, "h", options, NULL);
    if (id == 'h')
        return fputs(help, stdout) < 0 ? STATUS_FAILED : STATUS_OK;
    if (id != -1)
        return STATUS_USAGE;
    if (optind == argc) {
        tool_complain("wants a FILE; --help says more");
        return STATUS_USAGE;
    }
    int status = STATUS_OK;
    for (int i = optind; i < argc; i++) {
        int one = inspect_file(argv[i]);
        status = one > status ? one : status;
    }
    return status;
}
