/* The hybrid groups of RFC 10024: our ML-KEM beside libcrypto's curves. */
#include "crypto/hybrid.h"
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

static const struct hybrid x25519mlkem768 = {
    .kem = &gv_mlkem_768,
    .classical = &gv_openssl_x25519,
    .random = gv_openssl_random_private,
};

static const struct hybrid secp256r1mlkem768 = {
    .kem = &gv_mlkem_768,
    .classical = &gv_openssl_secp256r1,
    .classical_first = true,
    .random = gv_openssl_random_private,
};

static const struct hybrid secp384r1mlkem1024 = {
    .kem = &gv_mlkem_1024,
    .classical = &gv_openssl_secp384r1,
    .classical_first = true,
    .random = gv_openssl_random_private,
};

const struct key_exchange_group gv_openssl_x25519mlkem768 = {
    .name = "X25519MLKEM768",
    .code = GROUP_X25519MLKEM768,
    .client_share_len = 1184 + 32,
    .server_share_len = 1088 + 32,
    .start = gv_hybrid_start,
    .finish = gv_hybrid_finish,
    .answer = gv_hybrid_answer,
    .drop = gv_hybrid_drop,
    .component = &gv_openssl_x25519,
    .component_offset = 1184,
    .finish_component = gv_hybrid_finish_component,
    .impl = &x25519mlkem768,
};

const struct key_exchange_group gv_openssl_secp256r1mlkem768 = {
    .name = "SecP256r1MLKEM768",
    .code = GROUP_SECP256R1MLKEM768,
    .client_share_len = 65 + 1184,
    .server_share_len = 65 + 1088,
    .start = gv_hybrid_start,
    .finish = gv_hybrid_finish,
    .answer = gv_hybrid_answer,
    .drop = gv_hybrid_drop,
    .component = &gv_openssl_secp256r1,
    .component_offset = 0,
    .finish_component = gv_hybrid_finish_component,
    .impl = &secp256r1mlkem768,
};

const struct key_exchange_group gv_openssl_secp384r1mlkem1024 = {
    .name = "SecP384r1MLKEM1024",
    .code = GROUP_SECP384R1MLKEM1024,
    .client_share_len = 97 + 1568,
    .server_share_len = 97 + 1568,
    .start = gv_hybrid_start,
    .finish = gv_hybrid_finish,
    .answer = gv_hybrid_answer,
    .drop = gv_hybrid_drop,
    .component = &gv_openssl_secp384r1,
    .component_offset = 0,
    .finish_component = gv_hybrid_finish_component,
    .impl = &secp384r1mlkem1024,
};
