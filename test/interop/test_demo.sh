#!/bin/sh
# Does the demo show a verified TLS 1.3 exchange, and the refusal of an authority that is not trusted?
set -eu
out=$("$(dirname "$0")/../../scripts/demo" "$GALVAN_BIN_DIR") || { echo "$out"; exit 1; }
echo "$out"
for words in 'TLS 1.3' 'TLS13_AES_256_GCM_SHA384' 'Verified *yes' 'CN=Issuing authority' 'HTTP/1.1 200' 'unknown_ca'; do
    echo "$out" | grep -q "$words" || { echo "not shown: $words"; exit 1; }
done
