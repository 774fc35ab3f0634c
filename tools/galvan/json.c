/* JSON, one function for each kind of value. */
#include "json.h"

#include <string.h>

static void add_string(struct text *t, struct rustls_str s)
{
    text_add(t, "\"");
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c == '"' || c == '\\')
            text_format(t, "\\%c", c);
        else if (c > '~')
            text_add(t, c == 0x7f ? "\\u007f" : "\\ufffd");
        else if (c < ' ')
            text_format(t, "\\u%04x", c);
        else
            text_add_bytes(t, &c, 1);
    }
    text_add(t, "\"");
}

static void begin_value(struct json *j, const char *key)
{
    if (j->follows)
        text_add(j->to, ",");
    j->follows = true;
    if (key == NULL)
        return;
    add_string(j->to, (struct rustls_str){key, strlen(key)});
    text_add(j->to, ":");
}

void json_open(struct json *j, const char *key, char bracket)
{
    begin_value(j, key);
    text_add_bytes(j->to, &bracket, 1);
    j->follows = false;
}

void json_close(struct json *j, char bracket)
{
    text_add_bytes(j->to, &bracket, 1);
    j->follows = true;
}

void json_str(struct json *j, const char *key, struct rustls_str value)
{
    begin_value(j, key);
    add_string(j->to, value);
}

void json_string(struct json *j, const char *key, const char *value)
{
    json_str(j, key, (struct rustls_str){value, strlen(value)});
}

void json_number(struct json *j, const char *key, long long value)
{
    begin_value(j, key);
    text_format(j->to, "%lld", value);
}

void json_decimal(struct json *j, const char *key, double value)
{
    begin_value(j, key);
    text_format(j->to, "%.3f", value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    begin_value(j, key);
    text_add(j->to, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
    begin_value(j, key);
    text_add(j->to, "null");
}
