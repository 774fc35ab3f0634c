/* The settings of sessions and tickets: what the builders take, refuse and pass over. */
#include "galvan.h"
#include "lib/heap.h"
#include "lib/pair.h"

#include <stdlib.h>

static uint32_t get_nothing(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                            uint8_t *buf, size_t count, size_t *out_n)
{
    (void)userdata, (void)key, (void)remove_after, (void)buf, (void)count, (void)out_n;
    return RUSTLS_RESULT_NOT_FOUND;
}

static uint32_t put_nothing(void *userdata, const struct rustls_slice_bytes *key,
                            const struct rustls_slice_bytes *val)
{
    (void)userdata, (void)key, (void)val;
    return RUSTLS_RESULT_OK;
}

static unsigned int built(struct rustls_server_config_builder *b)
{
    const struct rustls_server_config *config = NULL;
    unsigned int result = rustls_server_config_builder_build(b, &config);
    assert_int_equal(config != NULL, result == 7000);
    rustls_server_config_free(config);
    return result;
}

static void is_a_missing_builder_answered(void **state)
{
    (void)state;
    static const uint8_t key[GALVAN_TICKET_KEY_SIZE] = {1};
    rustls_server_config_builder_set_persistence(NULL, get_nothing, put_nothing);
    assert_result(rustls_server_config_builder_set_send_tls13_tickets(NULL, 1), 7002);
    assert_result(rustls_server_config_builder_set_max_tls13_tickets(NULL, 1), 7002);
    assert_result(rustls_client_config_builder_set_send_ticket_request(NULL, 1, 1), 7002);
    assert_result(galvan_server_config_builder_set_tickets(NULL, true), 7002);
    assert_result(galvan_server_config_builder_set_ticket_keys(NULL, key, 1), 7002);
    assert_int_equal(rustls_connection_get_tls13_tickets_received(NULL), 0);
}

static void are_counts_of_any_size_taken(void **state)
{
    (void)state;
    const size_t counts[] = {0, 1, 255, 256, SIZE_MAX};
    struct rustls_server_config_builder *s = test_server_builder("p256");
    struct rustls_client_config_builder *c = test_client_builder("ca");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_ok(rustls_server_config_builder_set_send_tls13_tickets(s, counts[i]));
        assert_ok(rustls_server_config_builder_set_max_tls13_tickets(s, counts[i]));
    }
    assert_ok(rustls_client_config_builder_set_send_ticket_request(c, 0, 255));
    rustls_client_config_builder_free(c);
    assert_int_equal(built(s), 7000);
}

static void may_persistence_be_set_again_and_half_of_it_not(void **state)
{
    (void)state;
    struct rustls_server_config_builder *s = test_server_builder("p256");
    rustls_server_config_builder_set_persistence(s, NULL, put_nothing);
    rustls_server_config_builder_set_persistence(s, get_nothing, NULL);
    rustls_server_config_builder_set_persistence(s, get_nothing, put_nothing);
    rustls_server_config_builder_set_persistence(s, get_nothing, put_nothing);
    assert_int_equal(built(s), 7000);
}

static void does_persistence_without_memory_fail_the_build(void **state)
{
    (void)state;
    assert_ok(galvan_set_memory_functions(heap_alloc, heap_release));
    struct rustls_server_config_builder *s = test_server_builder("p256");
    heap_fail_at(1);
    rustls_server_config_builder_set_persistence(s, get_nothing, put_nothing);
    assert_int_equal(built(s), 7112);
    s = test_server_builder("p256");
    heap_fail_at(1);
    assert_result(galvan_server_config_builder_set_tickets(s, true), 7112);
    assert_int_equal(built(s), 7000); /* that was told */
    assert_int_equal(heap_live(), 0);
    assert_ok(galvan_set_memory_functions(NULL, NULL));
}

static void may_tickets_be_turned_on_and_off(void **state)
{
    (void)state;
    struct rustls_server_config_builder *s = test_server_builder("p256");
    assert_ok(galvan_server_config_builder_set_tickets(s, false));
    assert_ok(galvan_server_config_builder_set_tickets(s, true));
    assert_ok(galvan_server_config_builder_set_tickets(s, true));
    assert_ok(galvan_server_config_builder_set_tickets(s, false));
    assert_int_equal(built(s), 7000);
}

static void are_ticket_keys_of_the_wrong_kind_refused(void **state)
{
    (void)state;
    uint8_t keys[5][GALVAN_TICKET_KEY_SIZE];
    struct rustls_server_config_builder *s = test_server_builder("p256");
    for (size_t i = 0; i < 5; i++)
        memset(keys[i], (int)i + 1, sizeof keys[i]);
    assert_result(galvan_server_config_builder_set_ticket_keys(s, NULL, 1), 7002);
    assert_result(galvan_server_config_builder_set_ticket_keys(s, keys[0], 0), 7009);
    assert_result(galvan_server_config_builder_set_ticket_keys(s, keys[0], 5), 7009);
    assert_result(galvan_server_config_builder_set_ticket_keys(s, keys[0], SIZE_MAX), 7009);
    assert_ok(galvan_server_config_builder_set_ticket_keys(s, keys[0], GALVAN_TICKET_KEYS_MAX));
    memcpy(keys[3], keys[0], 16); /* one name for two */
    assert_result(galvan_server_config_builder_set_ticket_keys(s, keys[0], 4), 7009);
    memset(keys[0] + 16, 0, 32); /* a name and no secret */
    assert_result(galvan_server_config_builder_set_ticket_keys(s, keys[0], 1), 7009);
    assert_ok(galvan_server_config_builder_set_ticket_keys(s, keys[1], 1));
    assert_int_equal(built(s), 7000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_missing_builder_answered),
        cmocka_unit_test(are_counts_of_any_size_taken),
        cmocka_unit_test(may_persistence_be_set_again_and_half_of_it_not),
        cmocka_unit_test(does_persistence_without_memory_fail_the_build),
        cmocka_unit_test(may_tickets_be_turned_on_and_off),
        cmocka_unit_test(are_ticket_keys_of_the_wrong_kind_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
