/* Encrypted Client Hello on the wire (RFC 9849): configurations, the extension in its forms, and the
 * padding of the inner hello: bytes <-> structs. Readers check all syntax and decide nothing; which
 * configuration is of use is said elsewhere. Spans borrow. */
#ifndef GALVAN_WIRE_ECH_H
#define GALVAN_WIRE_ECH_H

#include "base/error.h"
#include "base/reader.h"
#include "base/writer.h"

enum { ECH_VERSION = 0xfe0d, ECH_CONFIRMATION_LEN = 8, ECH_NAME_LEN_MAX = 255 };

/* ---- configurations (section 4) --------------------------------------------------------------- */

/* An ECHConfig. One of another version than ECH_VERSION has `whole` and `version` alone. */
struct ech_config {
    struct span whole; /* as it stands in the list, version and length too */
    uint16_t version;
    uint8_t id, name_len_max; /* config_id, maximum_name_length */
    uint16_t kem;
    struct span public_key;
    struct span suites; /* pairs of kdf_id and aead_id, walked with gv_next_ech_suite */
    struct span public_name;
    struct span extensions;    /* well-formed */
    bool extensions_mandatory; /* one of them must be understood; we understand none (4.2) */
    bool extensions_repeated;  /* one stands in it twice (4.2) */
};

/* An ECHConfigList as it comes from DNS, a file, or a server: *list is what gv_next_ech_config walks.
 * DECODE_ECH_CONFIGS where it, or one of its configurations of ECH_VERSION, is malformed. */
MUST_USE enum gv_err gv_wire_read_ech_configs(struct span bytes, struct span *list);

/* Walks lists that were checked above; false at the end. */
bool gv_next_ech_config(struct span *list, struct ech_config *out);

struct ech_suite {
    uint16_t kdf, aead; /* IANA's numbers */
};
bool gv_next_ech_suite(struct span *suites, struct ech_suite *out);

/* Writes an ECHConfig of ECH_VERSION (what goes into a list's two-byte vector), from the fields
 * between id and extensions. */
void gv_wire_write_ech_config(struct wr *w, const struct ech_config *c);

/* Whether clients take this for a public name (section 6.1.7): LDH labels (RFC 5890 section 2.3.1)
 * between dots, the last of which cannot be taken for a part of an IPv4 address. */
bool gv_ech_is_public_name(struct span name);

/* ---- the extension (section 5) ------------------------------------------------------------------ */

enum ech_type { ECH_OUTER = 0, ECH_INNER = 1 };

/* ECHClientHello. */
struct ech_hello {
    uint8_t type; /* of enum ech_type; any other was not parsed (section 7) */
    /* The outer form's: */
    struct ech_suite suite;
    uint8_t config_id;
    struct span enc, payload;
};

/* The body of the extension in a ClientHello; false where it is malformed. */
bool gv_ech_read_hello(struct rd *r, struct ech_hello *out);
void gv_ech_write_hello(struct wr *w, const struct ech_hello *e);

/* ---- the inner hello (section 5.1) ---------------------------------------------------------------- */

/* Bytes of padding behind an EncodedClientHelloInner of `len` bytes (section 6.1.3). name_len: bytes
 * of the name in its server_name extension, 0 where it has none. name_len_max: the configuration's;
 * 0, not known, is taken for the longest. */
size_t gv_ech_padding(size_t len, size_t name_len, uint8_t name_len_max);

#endif
