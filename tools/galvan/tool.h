/* What all of the tool's files agree on: its commands, how they end, and how they complain. The
 * tool is a program like any other: it sees rustls.h and galvan.h, and nothing inside the library. */
#ifndef GALVAN_TOOL_TOOL_H
#define GALVAN_TOOL_TOOL_H

#include "galvan.h"

/* How a command ends. */
enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* there was somebody to talk to, and it went wrong */
    STATUS_USAGE = 2   /* it never came to that: an option, a file, a host or a port is wrong */
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

int galvan_tool_client(int argc, char **argv);
int galvan_tool_server(int argc, char **argv);
int galvan_tool_verify(int argc, char **argv);
int galvan_tool_inspect(int argc, char **argv);
int galvan_tool_ech_keygen(int argc, char **argv);

/* "galvan client", which complaints begin with; set once, by main. */
extern const char *tool_name;

/* One line on standard error: "galvan client: " and what is wrong. */
__attribute__((format(printf, 1, 2))) void tool_complain(const char *format, ...);

#endif
