/* Key exchange that holds as long as one of two does: ML-KEM and a curve (RFC 10024). Each group is
 * a struct key_exchange_group whose impl is a struct hybrid and whose functions are these; its halves
 * may come from anywhere. */
#ifndef GALVAN_CRYPTO_HYBRID_H
#define GALVAN_CRYPTO_HYBRID_H

#include "crypto/mlkem/mlkem.h"
#include "crypto/provider.h"

struct hybrid {
    const struct mlkem *kem;
    const struct key_exchange_group *classical;
    bool classical_first; /* in shares and in the secret, RFC 10024 section 3 */
    enum gv_err (*random)(uint8_t *out, size_t len); /* for what is kept, not sent */
};

enum gv_err gv_hybrid_start(const struct key_exchange_group *g, struct key_exchange *x,
                            uint8_t *share);
enum gv_err gv_hybrid_finish(struct key_exchange *x, struct span server_share, struct secret *out);
enum gv_err gv_hybrid_finish_component(struct key_exchange *x, struct span server_share,
                                       struct secret *out);
enum gv_err gv_hybrid_answer(const struct key_exchange_group *g, struct span client_share,
                             uint8_t *share, struct secret *out);
void gv_hybrid_drop(struct key_exchange *x);

#endif
