/* What the builders of client and server configs have in common. */
#ifndef GALVAN_API_CONFIG_BUILDER_H
#define GALVAN_API_CONFIG_BUILDER_H

#include "api/objects.h"
#include "galvan.h"

/* Turns on the versions in the list; numbers that we do not speak are passed over. */
void gv_api_set_versions(struct config_common *c, const uint16_t *versions, size_t count);

/* Replaces an ALPN list by a copy of protocols. Empty names are left out: they cannot be sent (RFC
 * 7301 section 3.1), and callers of rustls may have them. */
rustls_result gv_api_set_alpn(struct alpn_list *list, const struct rustls_slice_bytes *protocols,
                              size_t count);

rustls_result gv_api_set_keys(struct config_common *c,
                              const struct rustls_certified_key *const *keys, size_t count);

/* Replace the key log. */
rustls_result gv_api_set_key_log_file(struct config_common *c);
rustls_result gv_api_set_key_log(struct config_common *c, rustls_keylog_log_callback log,
                                 rustls_keylog_will_log_callback will_log);

/* Replaces the list by those of the build with these numbers. */
rustls_result gv_api_set_compressors(struct compressor_list *list, const uint16_t *algorithms,
                                     size_t count);

rustls_result gv_api_set_limit(struct limits *limits, enum galvan_limit which, uint64_t value);

/* Gives a server's builder these keys, replacing others; the reference becomes its own. */
void gv_api_use_ech_keys(struct rustls_server_config_builder *builder, const struct ech_keys *keys);

/* Turns off the versions for which the provider has no suite; GENERAL where none is left. */
rustls_result gv_api_settle_versions(struct config_common *c);

#endif
