#!/bin/sh
# Does what we wrote ourselves for secrets run in constant time? Runs the unit tests that mark their
# secrets under valgrind (primitives; whole handshakes), each first with its deliberate leak, which must
# be reported.
set -eu
[ -z "${GALVAN_SANITIZER_FLAGS:-}" ] || { echo "skipped: a sanitizer and valgrind cannot share a program"; exit 77; }
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)

# run NAME ARGUMENT...
run()
{
    name=$1
    shift
    # This valgrind cannot read every compiler's debug information, and dies of it.
    [ -f "$work/$name" ] || objcopy --strip-debug "$GALVAN_BIN_DIR/test/test-unit-$name" "$work/$name"
    valgrind -q --error-exitcode=9 --suppressions="$here/libcrypto.supp" "$work/$name" "$@"
}

for name in constant_time secret_turns; do
    status=0
    run "$name" leak >"$work/out" 2>&1 || status=$?
    grep -q 'depends on uninitialised value' "$work/out" ||
        { echo "skipped: the leak of $name was not seen (valgrind's headers were not there at build time)"; exit 77; }
    [ "$status" = 9 ] || { echo "a leak of $name gave status $status"; exit 1; }
    run "$name"
done
