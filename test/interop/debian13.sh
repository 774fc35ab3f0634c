# Sourced by tests that want newer peers than the system has: those of Debian 13, fetched once and unpacked in
# GALVAN_CACHE (else ~/.cache/galvan).
# shellcheck shell=sh
cache=${GALVAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/galvan}
debian13=$cache/debian13
packages='openssl libssl3t64 libc6 zlib1g libzstd1 libnss3 libnss3-tools libnspr4 libsqlite3-0'

skip()
{
    echo "SKIPPED: $*"
    exit 77
}

# Leaves Debian 13's programs below $debian13; whoever is first wins.
fetch_debian13()
{
    echo "fetching OpenSSL and NSS of Debian 13, once, into $debian13"
    mkdir -p "$cache"
    new=$(mktemp -d "$cache/work.XXXXXX")
    # shellcheck disable=SC2086
    timeout 240 "$here/../../scripts/from-debian" "$new" trixie download $packages >"$work/fetch.log" 2>&1 || {
        cat "$work/fetch.log"
        rm -rf "$new"
        skip "no OpenSSL 3.5 and no NSS 3.110 here, and Debian 13's packages cannot be had"
    }
    for package in "$new"/*.deb; do
        dpkg -x "$package" "$new/root"
    done
    mv -T "$new/root" "$debian13" 2>/dev/null || :
    rm -rf "$new"
}

# of_debian13 PROGRAM: makes $work/PROGRAM, which runs it with its own loader and libraries
of_debian13()
{
    loader=$(find "$debian13/usr" "$debian13/lib" -name 'ld-linux*' 2>/dev/null | head -n 1)
    libraries=$(dirname "$(find "$debian13/usr/lib" -name 'libc.so.6' | head -n 1)")
    cat >"$work/$1" <<END
#!/bin/sh
exec "$loader" --library-path "$libraries" "$debian13/usr/bin/$1" "\$@"
END
    chmod +x "$work/$1"
}

# use_debian13 PROGRAM...: leaves each in $work, or skips the test
use_debian13()
{
    [ -d "$debian13" ] || fetch_debian13
    for program in "$@"; do
        of_debian13 "$program"
    done
    "$work/openssl" version >"$work/version.log" 2>&1 || skip "Debian 13's programs do not run here"
}
