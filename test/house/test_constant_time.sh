#!/bin/sh
# Does what we wrote ourselves for secrets run in constant time? Runs the unit test that marks its
# secrets under valgrind, and first its deliberate leak, which must be reported.
set -eu
program=$GALVAN_BIN_DIR/test/test-unit-constant_time
[ -z "${GALVAN_SANITIZER_FLAGS:-}" ] || { echo "skipped: a sanitizer and valgrind cannot share a program"; exit 77; }
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
# This valgrind cannot read every compiler's debug information, and dies of it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
objcopy --strip-debug "$program" "$work/program"
run() { valgrind -q --error-exitcode=9 "$work/program" "$@"; }

status=0
run leak >"$work/out" 2>&1 || status=$?
grep -q 'depends on uninitialised value' "$work/out" ||
    { echo "skipped: the leak was not seen (valgrind's headers were not there at build time)"; exit 77; }
[ "$status" = 9 ] || { echo "a leak gave status $status"; exit 1; }
run
