/* Private keys and certificate chains out of PEM text. */
#ifndef GALVAN_API_CERTIFIED_KEY_H
#define GALVAN_API_CERTIFIED_KEY_H

#include "crypto/provider.h"

/* The first private key in the text. PRIVATE_KEY_PARSE where there is none, or it is malformed;
 * PRIVATE_KEY_UNSUITABLE. */
enum gv_err gv_api_load_key(const struct provider *provider, struct span pem,
                            struct signing_key **out);

#endif
