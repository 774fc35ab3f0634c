#!/bin/sh
# Do the header and the libraries of this build have the API of test/api/, all of it that is not
# listed as missing, and nothing else?
exec "$(dirname "$0")/../../scripts/compare-api" "$GALVAN_BIN_DIR"
