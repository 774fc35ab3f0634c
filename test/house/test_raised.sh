#!/bin/sh
# Is every row of src/base/error.def raised by some test? The tests of unit, vectors and misbehave note
# what they raise (lib/wrap/raised.c); those of the public API are run here with a library that notes.
# What no test raises stands in raised-left.tsv with its reason.
# Skipped where one of them was not run since it was built: ctest runs this last.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${GALVAN_BIN_DIR:?is the build folder}" "${GALVAN_NOTING_TESTS:?names the tests that note}"
notes=$GALVAN_BIN_DIR/raised
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

for test in $GALVAN_NOTING_TESTS; do
    name=$(echo "$test" | tr '/' '-')
    if [ ! -e "$notes/$name" ] || [ -n "$(find "$GALVAN_BIN_DIR/test/test-$name" -newer "$notes/$name")" ]; then
        echo "$test was not run"
        exit 77
    fi
    cat "$notes/$name"
done >"$work/raised"

for program in "$GALVAN_BIN_DIR"/test/test-api-*; do
    if ! GALVAN_RAISED="$work/of-program" LD_LIBRARY_PATH="$notes/lib" "$program" >"$work/output" 2>&1; then
        cat "$work/output"
        exit 1
    fi
    [ ! -e "$work/of-program" ] || cat "$work/of-program"
done >>"$work/raised"

sed -n 's/^GV_ERROR(\([A-Z0-9_]*\),.*/\1/p' "$here/../../src/base/error.def" | sort >"$work/rows"
sort -u "$work/raised" | comm -13 - "$work/rows" >"$work/never"
awk -F '\t' '!/^#/ && $2 != "" { print $1 }' "$here/raised-left.tsv" | sort >"$work/left"
if [ -n "$(comm -23 "$work/never" "$work/left")" ]; then
    echo "no test raises these rows of error.def, and raised-left.tsv has no reason:"
    comm -23 "$work/never" "$work/left"
    exit 1
fi
comm -13 "$work/never" "$work/left" | sed 's/$/ need not stand in raised-left.tsv any more/'
