#!/usr/bin/env bash
# fast_image_resize 6: the crate itself compiles to little. `Resizer::resize` is generic over its images, so every crate
# that calls it compiles the convolutions of all thirteen kinds of pixel again, for each set of vector instructions and
# each precision: one call is thousands of functions, nine tenths of the code of a crate that reads five picture
# formats. The feature `only_u8x4` leaves one kind of pixel and a quarter of the functions.
# Guessed before: the crate has its code compiled once, behind a dispatch by the kind of pixel.
#
# Seen, in a debug build: 4397 functions with every kind of pixel, 1094 with one.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > src/lib.rs <<'RUST'
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{ResizeOptions, Resizer};

pub fn shrink(from: &ImageRef<'_>, to: &mut Image<'_>) -> bool {
    Resizer::new().resize(from, to, &ResizeOptions::new()).is_ok()
}
RUST

functions() {
    cat > Cargo.toml <<TOML
[package]
name = "caller"
version = "0.0.0"
edition = "2021"

[dependencies]
fast_image_resize = { version = "=6.1.0", features = [$1] }
TOML
    cargo build --quiet
    # Mangled names hold the name of the crate that a function comes from.
    nm target/debug/libcaller.rlib 2> /dev/null | grep -c ' [tTwW] .*fast_image_resize.*convolution'
}

all=$(functions "")
one=$(functions '"only_u8x4"')
echo "functions of convolutions in the caller: $all with every kind of pixel, $one with one kind"
[ "$all" -gt 1000 ]
[ "$all" -gt $((3 * one)) ]
