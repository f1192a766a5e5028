#!/usr/bin/env bash
# Prints the path of a Chromium for the tests of the JavaScript package: CHROMIUM, or one that is installed. Root has Debian's installed
# where there is none.
set -euo pipefail

readonly NAMES=(chromium chromium-browser google-chrome-stable google-chrome)

main() {
    find_one && return
    install_debian && find_one && return
    say "there is no Chromium here, and apt-get could not provide one. Either"
    say "  CHROMIUM=/path/to/chromium, or on Debian: sudo apt-get install --no-install-recommends chromium"
    exit 1
}

say() { echo "chromium: $*" >&2; }

find_one() {
    if [ -n "${CHROMIUM:-}" ]; then
        echo "$CHROMIUM"
        return
    fi
    local name
    for name in "${NAMES[@]}"; do
        command -v "$name" && return
    done
    return 1
}

install_debian() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || return 1
    say "installing Debian's chromium"
    apt-get update -qq >&2 || return 1
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >&2
}

main
