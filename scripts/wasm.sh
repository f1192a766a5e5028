#!/usr/bin/env bash
# Builds the WebAssembly module with its JavaScript into target/wasm/web. Needs Rust's standard library for wasm32 and a clang
# that compiles for it; where they are missing, rustup or Debian's packages provide them.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly TRIPLE=wasm32-unknown-unknown
readonly DEBIAN=(rustc-web cargo-web rust-web-src clang-22 lld-22)
BUILT=$(realpath -m "${CARGO_TARGET_DIR:-target}")
readonly BUILT OUT=$BUILT/wasm

main() {
    if find_clang && { has_target || add_target; }; then
        say "building with $(rustc --version) and $CLANG"
        build
    elif has_debian || install_debian; then
        build_with_debian
    else
        explain
        exit 1
    fi
    bind
    sizes
}

say() { echo "wasm: $*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

# A clang that compiles for wasm32; Apple's does not.
find_clang() {
    for CLANG in "${CC_wasm32_unknown_unknown:-clang}" clang-{22..14}; do
        if has "$CLANG" && echo 'int x;' | "$CLANG" --target=$TRIPLE -x c -c - -o /dev/null 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

has_target() {
    local libraries
    libraries=$(rustc --print target-libdir --target $TRIPLE 2>/dev/null) || return 1
    compgen -G "$libraries/libstd-*.rlib" >/dev/null
}

add_target() {
    has rustup || return 1
    say "asking rustup for $TRIPLE (a minute at most)"
    timeout 60 rustup target add $TRIPLE >&2 && has_target
}

has_debian() {
    has dpkg-query || return 1
    local installed
    installed=$(dpkg-query --show --showformat='${db:Status-Status}\n' "${DEBIAN[@]}" 2>/dev/null) || return 1
    [ "$(grep -cx installed <<<"$installed")" = ${#DEBIAN[@]} ]
}

install_debian() {
    has apt-get || return 1
    [ "$(id -u)" = 0 ] || return 1
    say "installing Debian's ${DEBIAN[*]}"
    apt-get update -qq >&2 || return 1
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${DEBIAN[@]}" >&2
}

explain() {
    say "there is no Rust with clang for $TRIPLE here, and neither rustup nor apt-get could provide it. Either"
    say "  rustup target add $TRIPLE    (and a clang that compiles for wasm32), or on Debian 12"
    say "  sudo apt-get install --no-install-recommends ${DEBIAN[*]}"
}

build() {
    CC_wasm32_unknown_unknown=$CLANG CFLAGS_wasm32_unknown_unknown="-I$(c_headers)" \
        cargo build --package lightspeed-wasm --profile browser --target $TRIPLE --target-dir "$OUT/cargo"
}

# tree-sitter's small C library for wasm; tree-sitter-python does not look there by itself.
c_headers() {
    local manifest
    manifest=$(cargo metadata --format-version 1 | grep -o '"manifest_path":"[^"]*/tree-sitter-language[^"/]*/Cargo.toml"')
    manifest=${manifest#*:\"}
    echo "${manifest%/Cargo.toml\"}/wasm/include"
}

# In a shell of its own: Debian's compiler comes first, and no flags of another one are passed to it.
build_with_debian() (
    export PATH=/usr/bin:$PATH
    unset RUSTC RUSTC_WRAPPER RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    version=$(rustc --version)
    sysroot=$OUT/sysroot-${version//[^A-Za-z0-9.]/-}
    [ -d "$sysroot" ] || build_sysroot "$sysroot"
    say "building with $version of Debian and clang-22"
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot $sysroot"
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
    CLANG=clang-22
    build
)

# Debian has no standard library for wasm32, but its source. One build lasts until the compiler changes.
build_sysroot() {
    say "building the standard library for $TRIPLE (some two minutes, once)"
    local work=$OUT/std libraries=lib/rustlib/$TRIPLE/lib
    rm -rf "$work"
    mkdir -p "$work/src" "$work/sysroot/$libraries"
    printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n[profile.release]\ncodegen-units = 1\n' >"$work/Cargo.toml"
    : >"$work/src/lib.rs"
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=-Cembed-bitcode=yes \
        cargo build --release --manifest-path "$work/Cargo.toml" --target-dir "$work/target" --target $TRIPLE \
        -Zbuild-std=std,panic_abort
    find "$work/target/$TRIPLE/release/deps" -name '*.rlib' ! -name 'libempty-*' \
        -exec cp -t "$work/sysroot/$libraries" {} +
    mv "$work/sysroot" "$1"
    rm -rf "$work"
}

bind() {
    say "writing the JavaScript"
    rm -rf "$OUT/web"
    cargo run --quiet --package xtask --no-default-features --features wasm -- \
        wasm "$OUT/cargo/$TRIPLE/browser/lightspeed_wasm.wasm" "$OUT/web"
}

sizes() {
    has node || return 0
    node -e '
        const { readFileSync } = require("node:fs");
        const { brotliCompressSync, gzipSync } = require("node:zlib");
        for (const file of process.argv.slice(1)) {
            const bytes = readFileSync(file);
            const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
            console.log(`${file}: ${bytes.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
        }' "$OUT/web/lightspeed_bg.wasm" "$OUT/web/lightspeed.js"
}

main
