/* Public suffixes: a top-level domain, a registry's second level, or a name in the table. */
#include "pki/public_suffix.h"

#include "pki/dns.h"

/* Second levels that registries of countries sell names under: co.uk, com.au, ne.jp. */
static const char *const second_levels[] = {
    "ac",  "co", "com", "edu", "gob", "gouv", "gov", "govt", "go",     "id",  "ltd",    "me",
    "mil", "ne", "net", "nhs", "nom", "or",   "org", "plc",  "police", "sch", "school", "web",
};

/* Where a provider gives each customer a name. From the Public Suffix List's private part. */
static const char *const private_suffixes[] = {
    "appspot.com",      "azurewebsites.net", "blob.core.windows.net",
    "blogspot.com",     "cloudapp.net",      "cloudfront.net",
    "fly.dev",          "firebaseapp.com",   "github.io",
    "gitlab.io",        "herokuapp.com",     "netlify.app",
    "onrender.com",     "pages.dev",         "readthedocs.io",
    "s3.amazonaws.com", "translate.goog",    "vercel.app",
    "web.app",          "workers.dev",
};

static bool stands_in(const char *const *list, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++) {
        if (gv_ascii_equal(name, span_str(list[i])))
            return true;
    }
    return false;
}

bool gv_is_public_suffix(struct span name)
{
    const uint8_t *dot = name.len == 0 ? NULL : memchr(name.at, '.', name.len);
    if (dot == NULL)
        return true;
    struct span first = {name.at, (size_t)(dot - name.at)};
    struct span rest = span_from(name, first.len + 1);
    bool country = rest.len == 2;
    if (country && stands_in(second_levels, COUNT_OF(second_levels), first))
        return true;
    return stands_in(private_suffixes, COUNT_OF(private_suffixes), name);
}
