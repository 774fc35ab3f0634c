/* JSON (RFC 8259), written into a text: objects and arrays in the order of the calls. Strings are
 * given as bytes of any kind; those that are not ASCII are written as U+FFFD. */
#ifndef GALVAN_TOOL_JSON_H
#define GALVAN_TOOL_JSON_H

#include "rustls.h"
#include "text.h"

struct json {
    struct text *to;
    bool follows; /* a value stands before: a comma comes first */
};

/* key is NULL for the outermost value and in arrays. */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_string(struct json *j, const char *key, const char *value);
void json_str(struct json *j, const char *key, struct rustls_str value);
void json_number(struct json *j, const char *key, long long value);
void json_decimal(struct json *j, const char *key, double value); /* three places */
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
