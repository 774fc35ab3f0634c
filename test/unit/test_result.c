/* Does every error and every alert of the library have its number in rustls.h? */
#include "api/result.h"
#include "rustls.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void is_no_error_ok(void **state)
{
    (void)state;
    assert_int_equal(gv_api_result(GV_OK), RUSTLS_RESULT_OK);
}

static void has_every_error_the_result_of_its_row(void **state)
{
    (void)state;
#define GV_ERROR(name, alert, result, text)                                                        \
    assert_int_equal(gv_api_result(GV_E_##name), RUSTLS_RESULT_##result);
#include "base/error.def"
#undef GV_ERROR
}

static void is_no_error_told_as_success(void **state)
{
    (void)state;
    for (int err = GV_OK + 1; err < GV_ERR_COUNT; err++)
        assert_int_not_equal(gv_api_result((enum gv_err)err), RUSTLS_RESULT_OK);
}

/* rustls.h numbers the alerts in the order of their code points, without gaps. */
static void has_every_alert_its_own_result(void **state)
{
    (void)state;
    uint32_t next = RUSTLS_RESULT_ALERT_CLOSE_NOTIFY;
#define X(name, code, text) assert_int_equal(gv_api_alert_result(code), next++);
    ALERTS(X)
#undef X
    assert_int_equal(next, RUSTLS_RESULT_ALERT_UNKNOWN);
}

static void is_an_alert_without_a_name_unknown(void **state)
{
    (void)state;
    assert_int_equal(gv_api_alert_result(1), RUSTLS_RESULT_ALERT_UNKNOWN);
    assert_int_equal(gv_api_alert_result(238), RUSTLS_RESULT_ALERT_UNKNOWN);
    assert_int_equal(gv_api_alert_result(255), RUSTLS_RESULT_ALERT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_no_error_ok),
        cmocka_unit_test(has_every_error_the_result_of_its_row),
        cmocka_unit_test(is_no_error_told_as_success),
        cmocka_unit_test(has_every_alert_its_own_result),
        cmocka_unit_test(is_an_alert_without_a_name_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
