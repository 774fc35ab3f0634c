/* DNS names: syntax label by label, comparison from the right. */
#include "pki/dns.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_label_byte(uint8_t c)
{
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
}

/* RFC 1034 section 3.5 and RFC 1123 section 2.1, with underscores. */
static bool is_label(struct span label, bool *number)
{
    if (label.len == 0 || label.len > DNS_LABEL_MAX)
        return false;
    *number = true;
    for (size_t i = 0; i < label.len; i++) {
        if (!is_label_byte(label.at[i]))
            return false;
        *number = *number && is_digit(label.at[i]);
    }
    return label.at[0] != '-' && label.at[label.len - 1] != '-';
}

static struct span label_at(struct span name, size_t start)
{
    size_t end = start;
    while (end < name.len && name.at[end] != '.')
        end++;
    return (struct span){name.at + start, end - start};
}

/* Labels between dots, the last no number; *labels counts them. */
static bool is_relative_name(struct span name, size_t *labels)
{
    bool number = false;
    *labels = 0;
    if (name.len == 0 || name.len > DNS_NAME_MAX)
        return false;
    for (size_t start = 0; start <= name.len; ++*labels) {
        struct span label = label_at(name, start);
        if (!is_label(label, &number))
            return false;
        start += label.len + 1;
    }
    return !number;
}

bool gv_dns_is_host(struct span name)
{
    size_t labels;
    if (name.len > DNS_NAME_MAX)
        return false;
    if (name.len != 0 && name.at[name.len - 1] == '.')
        name.len--;
    return is_relative_name(name, &labels);
}

static bool is_wildcard(struct span name)
{
    return name.len > 2 && name.at[0] == '*' && name.at[1] == '.';
}

bool gv_dns_is_presented(struct span name)
{
    size_t labels;
    if (name.len > DNS_NAME_MAX)
        return false;
    if (is_wildcard(name))
        return is_relative_name(span_from(name, 2), &labels) && labels >= 2;
    return is_relative_name(name, &labels);
}

bool gv_dns_is_constraint(struct span name)
{
    size_t labels;
    if (name.len == 0)
        return true;
    return is_relative_name(name.at[0] == '.' ? span_from(name, 1) : name, &labels);
}

bool gv_ascii_equal(struct span a, struct span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    }
    return true;
}

bool gv_dns_matches_host(struct span presented, struct span host)
{
    if (host.len != 0 && host.at[host.len - 1] == '.')
        host.len--;
    if (!is_wildcard(presented))
        return gv_ascii_equal(presented, host);
    return gv_ascii_equal(span_from(presented, 1), span_from(host, label_at(host, 0).len));
}

/* RFC 5280 section 4.2.1.10: "Any DNS name that can be constructed by simply adding zero or more
 * labels to the left-hand side of the name satisfies the name constraint." A constraint with a
 * leading dot, which the RFC does not have, asks for one label more at least. */
static bool is_under(struct span name, struct span constraint)
{
    if (constraint.len == 0)
        return true;
    if (name.len < constraint.len)
        return false;
    size_t extra = name.len - constraint.len;
    if (!gv_ascii_equal(span_from(name, extra), constraint))
        return false;
    return extra == 0 || constraint.at[0] == '.' || name.at[extra - 1] == '.';
}

/* Here '*' is a label like any other: what is under example.com with it is so with any label. */
bool gv_dns_all_under(struct span presented, struct span constraint)
{
    return is_under(presented, constraint);
}

bool gv_dns_any_under(struct span presented, struct span constraint)
{
    if (is_under(presented, constraint))
        return true;
    if (!is_wildcard(presented) || constraint.len == 0 || constraint.at[0] == '.')
        return false;
    /* The wildcard may be the constraint's own first label: *.example.com, bad.example.com. */
    return gv_dns_matches_host(presented, constraint);
}
