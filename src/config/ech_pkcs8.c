/* Private keys of HPKE's in PKCS#8: X25519 as RFC 8410 has it, the NIST curves as RFC 5915 does. Which is
 * which is told by the bytes inside the AlgorithmIdentifier. */
#include "config/ech_keys.h"

#include "pki/der.h"
#include "wire/codepoints.h"

struct kind {
    uint16_t kem;
    uint8_t len; /* bytes of the private key */
    bool is_ec;
    uint8_t algorithm_len, algorithm[19];
};

/* clang-format off */
static const struct kind kinds[] = {
    {HPKE_DHKEM_X25519, 32, false, 5, {0x06, 3, 0x2b, 0x65, 0x6e}},             /* id-X25519 */
    {HPKE_DHKEM_P256, 32, true, 19, {0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1,     /* id-ecPublicKey */
                                     0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}},  /* secp256r1 */
    {HPKE_DHKEM_P384, 48, true, 16, {0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1,
                                     0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x22}},           /* secp384r1 */
};
/* clang-format on */

static struct span algorithm_of(const struct kind *k)
{
    return span_of(k->algorithm, k->algorithm_len);
}

static const struct kind *kind_by_algorithm(struct span algorithm)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (span_equal(algorithm, algorithm_of(&kinds[i])))
            return &kinds[i];
    return NULL;
}

/* ECPrivateKey ::= SEQUENCE { version, privateKey OCTET STRING, parameters [0], publicKey [1] } */
static struct span read_ec(struct rd *r)
{
    struct rd key = rd_of(gv_der_value(r, DER_SEQUENCE));
    if (gv_der_u8(&key) != 1)
        rd_fail(&key);
    struct span scalar = gv_der_value(&key, DER_OCTET_STRING);
    der_optional(&key, DER_CONTEXT_CONSTRUCTED(0));
    der_optional(&key, DER_CONTEXT_CONSTRUCTED(1));
    if (!rd_end(&key))
        rd_fail(r);
    return scalar;
}

/* OneAsymmetricKey ::= SEQUENCE { version, AlgorithmIdentifier, privateKey OCTET STRING, ... } */
enum gv_err gv_ech_read_pkcs8(struct span der, uint16_t *kem, struct span *out)
{
    struct rd r = rd_of(der), all = rd_of(gv_der_value(&r, DER_SEQUENCE));
    const uint8_t version = gv_der_u8(&all);
    const struct kind *k = kind_by_algorithm(gv_der_value(&all, DER_SEQUENCE));
    struct rd inside = rd_of(gv_der_value(&all, DER_OCTET_STRING));

    der_optional(&all, DER_CONTEXT_CONSTRUCTED(0)); /* attributes */
    der_optional(&all, DER_CONTEXT(1));             /* publicKey */
    if (!rd_end(&r) || !rd_end(&all) || version > 1)
        RAISE(PRIVATE_KEY_PARSE);
    if (k == NULL)
        RAISE(PRIVATE_KEY_UNSUITABLE);
    *out = k->is_ec ? read_ec(&inside) : gv_der_value(&inside, DER_OCTET_STRING);
    *kem = k->kem;
    if (!rd_end(&inside) || out->len != k->len)
        RAISE(PRIVATE_KEY_PARSE);
    return GV_OK;
}

/* What is written is so short that a length is one byte, as WR_VEC writes it. */
static void write_element(struct wr *w, uint8_t tag, struct span content)
{
    wr_u8(w, tag);
    WR_VEC(w, 1)
        wr_bytes(w, content);
}

static void write_ec(struct wr *w, struct span scalar)
{
    static const uint8_t version = 1;

    wr_u8(w, DER_SEQUENCE);
    WR_VEC(w, 1) {
        write_element(w, DER_INTEGER, span_of(&version, 1));
        write_element(w, DER_OCTET_STRING, scalar);
    }
}

void gv_ech_write_pkcs8(struct wr *w, uint16_t kem, struct span private_key)
{
    static const uint8_t version = 0;
    const struct kind *k = kinds;

    while (k->kem != kem)
        k++;
    wr_u8(w, DER_SEQUENCE);
    WR_VEC(w, 1) {
        write_element(w, DER_INTEGER, span_of(&version, 1));
        write_element(w, DER_SEQUENCE, algorithm_of(k));
        wr_u8(w, DER_OCTET_STRING);
        WR_VEC(w, 1) {
            if (k->is_ec)
                write_ec(w, private_key);
            else
                write_element(w, DER_OCTET_STRING, private_key);
        }
    }
}
