#!/bin/sh
# Has every scenario of scenarios.tsv a test, by its number in the test's name?
#
# "each" asks for one in every place: client12, server12, client13, server13, the connection that is
# held to account and its version; "once" for one anywhere. A row of sins counts for its place
# (the executables list their rows), any other test that has the number counts for all places.
# What no test can hold stands in scenarios-left.tsv with its reason, and only as long as that is so.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scenarios=$here/scenarios.tsv
left=$here/scenarios-left.tsv
: "${GALVAN_BIN_DIR:?is the build folder}"

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# name -> number<TAB>place, for each of its numbers: hostile_04_06_what_it_does
numbers() {
    awk -v place="$2" '
        match($0, /hostile(_[0-9][0-9])+_/) {
            n = split(substr($0, RSTART + 8, RLENGTH - 9), number, "_")
            for (i = 1; i <= n; i++)
                print number[i] + 0 "\t" place
        }' "$1"
}

for program in "$GALVAN_BIN_DIR"/test/test-misbehave-*_sins; do
    if ! GALVAN_LIST_TESTS=1 "$program" >"$work/rows" 2>&1; then
        echo "$program does not list its rows"
        exit 1
    fi
    for place in client12 server12 client13 server13; do
        case $place in
        client12) prefix='TLS12 client' ;;
        server12) prefix='TLS12 server' ;;
        client13) prefix='TLS13 client' ;;
        *) prefix='TLS13 server' ;;
        esac
        grep "^$prefix: " "$work/rows" >"$work/of-place" || true
        numbers "$work/of-place" "$place"
    done
done >"$work/have"

find "$here/.." -name 'test_*.[cs]*' ! -name 'test_*_sins.c' -exec grep -hoE '\bhostile(_[0-9]{2})+_' {} + |
    sort -u >"$work/elsewhere"
numbers "$work/elsewhere" any >>"$work/have"

awk -F '\t' '
    FILENAME == ARGV[1] { have[$1 "," $2] = have[$1 ",once"] = 1; next }
    /^#/ || $1 == "number" { next }
    FILENAME == ARGV[2] {
        if ($3 == "")
            bad("scenario " $1 " is left out without a reason")
        n = split($2, place, " ")
        for (i = 1; i <= n; i++)
            left[$1 "," place[i]] = $3 ~ /^not yet/ ? "not yet" : "never"
        next
    }
    {
        total++
        n = $2 == "each" ? split("client12 server12 client13 server13", place, " ") : split($2, place, " ")
        for (i = 1; i <= n; i++) {
            key = $1 "," place[i]
            known[key] = 1
            if (have[key] && left[key] == "not yet")
                print "scenario " $1 " has a test for " place[i] " now: it may leave scenarios-left.tsv"
            else if (have[key] && left[key])
                bad("scenario " $1 " has a test for " place[i] ": take it out of scenarios-left.tsv")
            if (!have[key] && !have[$1 ",any"] && !left[key])
                bad("scenario " $1 " has no test for " place[i] ": " $3)
        }
    }
    function bad(text) { print text; failed = 1 }
    END {
        for (key in left)
            if (!known[key])
                bad("scenarios-left.tsv names " key ", which is no place of a scenario")
        if (total != 71)
            bad("there are " total " scenarios, not 71")
        exit failed
    }' "$work/have" "$left" "$scenarios"
