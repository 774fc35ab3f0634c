/* galvan: the command-line tool. Finds the command, and gives the rest of the line to it. */
#include "tool.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *tool_name = "galvan";

static const struct {
    const char *word, *name, *what;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"client", "galvan client", "connect to a TLS server, and show who and what is there",
     galvan_tool_client},
    {"server", "galvan server", "be a TLS server: a page about the connection, or an echo",
     galvan_tool_server},
    {"verify", "galvan verify", "say whether a certificate chain is good, and why not",
     galvan_tool_verify},
    {"inspect", "galvan inspect", "say what stands in certificates, revocation lists and keys",
     galvan_tool_inspect},
    {"ech-keygen", "galvan ech-keygen", "make a key that hides which server clients ask for",
     galvan_tool_ech_keygen},
};

void tool_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "%s: ", tool_name);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
}

static int help(void)
{
    (void)printf("Usage: galvan COMMAND [OPTION]...\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        (void)printf("  %-11s %s\n", commands[i].word, commands[i].what);
    (void)printf("  version     say which version this is\n\n"
                 "galvan COMMAND --help says what a command takes; galvan(1) says more.\n");
    return fflush(stdout) == 0 ? STATUS_OK : STATUS_FAILED;
}

static int version(void)
{
    struct rustls_str v = rustls_version();
    (void)printf("galvan %d.%d.%d (%.*s)\n", GALVAN_VERSION_MAJOR, GALVAN_VERSION_MINOR,
                 GALVAN_VERSION_PATCH, (int)v.len, v.data);
    return fflush(stdout) == 0 ? STATUS_OK : STATUS_FAILED;
}

/* A closed standard descriptor would be given to the next socket, and get what is meant for it. */
static void open_standard_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        (void)close(fd);
}

int main(int argc, char **argv)
{
    open_standard_descriptors();
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of write() */
    const char *word = argc < 2 ? "" : argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help();
    if (strcmp(word, "--version") == 0 || strcmp(word, "version") == 0)
        return version();
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(word, commands[i].word) != 0)
            continue;
        tool_name = commands[i].name;
        argv[1] = (char *)commands[i].name; /* what getopt_long begins its complaints with */
        return commands[i].run(argc - 1, argv + 1);
    }
    if (word[0] == '\0')
        tool_complain("wants a command; galvan --help lists them");
    else
        tool_complain("\"%s\" is not a command; galvan --help lists them", word);
    return STATUS_USAGE;
}
