#!/usr/bin/env bash
# lettre 0.11 refuses to send ASCII text as it is (`7bit`) when a line has 76 octets or more, and says of the text that it
# cannot be encoded so. RFC 5321, section 4.5.3.1.6, and RFC 2045, section 2.7, allow 998. Left to choose by itself it takes
# `quoted-printable` from there on, which breaks a long link over two lines in the raw message. Whoever knows that the
# lines are short enough can still say so: `Body::dangerous_pre_encoded` asks nothing.
# Guessed before: `7bit` is refused from 999 octets on, and folding is the wish of `quoted-printable` alone.
#
# Seen: the longest line that is taken as `7bit` has 75 octets; of 76, the choice is `quoted-printable`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "caller"
version = "0.0.0"
edition = "2021"

[dependencies]
lettre = { version = "=0.11.23", default-features = false, features = ["builder"] }
TOML
cat > src/main.rs <<'RUST'
use lettre::message::Body;
use lettre::message::header::ContentTransferEncoding;

fn main() {
    let taken = |octets: usize| {
        Body::new_with_encoding("x".repeat(octets), ContentTransferEncoding::SevenBit).is_ok()
    };
    let longest = (1..2_000).take_while(|octets| taken(*octets)).last().unwrap_or(0);
    println!("longest line taken as 7bit: {longest} octets");
    for octets in [longest, longest + 1] {
        println!("{octets} octets, left to choose: {}", Body::new("x".repeat(octets)).encoding());
    }
}
RUST
nice -n 15 cargo run --quiet > seen
cat seen
cmp seen - <<'SEEN'
longest line taken as 7bit: 75 octets
75 octets, left to choose: 7bit
76 octets, left to choose: quoted-printable
SEEN
