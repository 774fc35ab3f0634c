/* What BoringSSL's runner asks of its shim on the command line. Flags are read by one table
 * (options.c); what is not in it is not implemented. Nothing is decided here. */
#ifndef GALVAN_TEST_BOGO_OPTIONS_H
#define GALVAN_TEST_BOGO_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBERS_MAX = 32 };

struct bytes {
    uint8_t *at; /* on the heap; NULL: not given */
    size_t len;
};
struct bytes_list {
    struct bytes at[NUMBERS_MAX];
    size_t len;
};
struct numbers {
    uint16_t at[NUMBERS_MAX];
    size_t len;
};

/* Of one connection. The fields have the names of the flags. */
struct options {
    /* the process */
    long port, shim_id, resume_count;
    bool has_shim_id, ipv6, is_handshaker_supported;

    /* what is configured */
    bool server;
    const char *key_file, *cert_file;
    struct numbers signing_prefs, verify_prefs, curves;
    bool no_tls12, no_tls13;
    long min_version, max_version;
    const char *host_name;
    const char *advertise_alpn, *select_alpn; /* in wire form, plain */
    bool decline_alpn, reject_alpn, allow_unknown_alpn_protos;
    bool require_any_client_certificate, verify_peer, verify_fail, reverify_on_resume;
    struct bytes ocsp_response;
    bool decline_ocsp_callback;
    bool no_ticket, enable_early_data, server_preference, use_early_callback, fail_cert_callback,
        use_custom_verify_callback;
    long max_cert_list, install_one_cert_compression_alg;
    bool install_cert_compression_algs;
    struct bytes ech_config_list;
    bool enable_ech_grease;
    struct bytes_list ech_server_config, ech_server_key;
    struct numbers ech_is_retry_config;

    bool keeps_sessions; /* some connection wants early data, so that none seals its tickets */

    /* what is done */
    bool async, implicit_handshake, shim_writes_first, shim_shuts_down, check_close_notify;
    bool read_with_unfinished_write, write_different_record_sizes, key_update;
    long read_size, resumption_delay;
    long export_keying_material;
    const char *export_label, *export_context;
    bool use_export_context, use_exporter_between_reads, export_traffic_secrets;

    /* what must have come of it */
    const char *expect_server_name, *expect_alpn, *expect_advertised_alpn, *expect_peer_cert_file,
        *expect_client_ca_list;
    struct bytes expect_ocsp_response;
    long expect_version, expect_peer_signature_algorithm, expect_curve_id, expect_cipher,
        expect_cipher_aes;
    bool expect_hrr, expect_no_hrr, expect_session_miss, expect_no_session, handshake_never_done;
    struct bytes expect_ech_retry_configs;
    bool expect_ech_accept, expect_no_ech_retry_configs;
    const char *expect_ech_name_override;
    bool expect_no_ech_name_override;
    bool expect_accept_early_data, expect_reject_early_data, expect_no_offer_early_data;
};

enum connection_kind { INITIAL, RESUMED, RETRIED, CONNECTION_KINDS };

/* Reads the flags into out[CONNECTION_KINDS]: a flag holds for all of them, or, behind -on-initial,
 * -on-resume and -on-retry, for one. Answers NULL, or the flag that is not implemented or wrong. */
const char *options_read(struct options *out, int argc, char **argv);
void options_drop(struct options *all);

#endif
