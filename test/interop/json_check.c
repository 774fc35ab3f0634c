/* Reads lines of JSON objects from standard input: json_check [KEY=VALUE]... Ends with 0 where every
 * line is one, and each key has that text or number, or is true or false so, in one of them at least.
 * A key may lead into objects and arrays: error.alert, certificates.0.names.1. For test scripts. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *member(const json_t *in, const char *name, size_t len)
{
    char key[64];
    if (len >= sizeof key)
        return NULL;
    memcpy(key, name, len);
    key[len] = '\0';
    return json_is_array(in) ? json_array_get(in, (size_t)strtoul(key, NULL, 10))
                             : json_object_get(in, key);
}

static bool is_value(const json_t *v, const char *text)
{
    char number[32];
    if (json_is_string(v))
        return strcmp(json_string_value(v), text) == 0;
    if (json_is_boolean(v))
        return strcmp(json_is_true(v) ? "true" : "false", text) == 0;
    (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
    return json_is_integer(v) && strcmp(number, text) == 0;
}

static bool has(const json_t *object, const char *wanted)
{
    const char *equals = strchr(wanted, '=');
    while (object != NULL && equals != NULL && wanted < equals) {
        size_t len = strcspn(wanted, ".=");
        object = member(object, wanted, len);
        wanted += len + 1;
    }
    return object != NULL && equals != NULL && is_value(object, equals + 1);
}

int main(int argc, char **argv)
{
    enum { LINE = 1 << 20, WANTED_MAX = 32 };
    static char line[LINE];
    bool found[WANTED_MAX] = {false};
    int lines = 0, missing = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        json_error_t error;
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
        lines++;
        if (!json_is_object(object)) {
            fprintf(stderr, "line %d is no JSON object: %s\n%s", lines, error.text, line);
            return 1;
        }
        for (int i = 1; i < argc && i < WANTED_MAX; i++)
            found[i] |= has(object, argv[i]);
        json_decref(object);
    }
    for (int i = 1; i < argc; i++) {
        if (i < WANTED_MAX && found[i])
            continue;
        fprintf(stderr, "not found: %s\n", argv[i]);
        missing++;
    }
    return lines == 0 || missing != 0;
}
