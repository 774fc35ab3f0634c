/* Certificates in words, for people and as JSON. */
#ifndef GALVAN_TOOL_DESCRIBE_H
#define GALVAN_TOOL_DESCRIBE_H

#include "json.h"
#include "rustls.h"
#include "text.h"

/* A line for each thing that a person asks about a certificate, each behind the indent. */
void describe_certificate(struct text *t, const char *indent, struct rustls_slice_bytes der);

/* The same as members of the object that is open: strings, and arrays of them for "names", "usage"
 * and "purposes"; only "error" where it does not parse. */
void describe_certificate_json(struct json *j, struct rustls_slice_bytes der);

/* The text of a result code. */
enum { RESULT_TEXT = 128 };
const char *describe_result(rustls_result result, char text[RESULT_TEXT]);

#endif
