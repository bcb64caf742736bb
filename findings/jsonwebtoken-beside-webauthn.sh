#!/usr/bin/env bash
# jsonwebtoken 12 with its own cryptography (`rust_crypto`) and webauthn-rs 0.6.2 cannot be dependencies of one program. The
# former wants the release `rsa` 0.10.0; the latter, by crypto-glue 0.2, a feature `sha2` of it that only the candidates
# before the release had. For Cargo they are one version, so it takes neither.
# Guessed before: a requirement `^0.10.0-rc.18` is met by 0.10.0, and two crates of the same stack share it.
#
# Seen: each alone can be resolved, both together cannot, because of `rsa`. jsonwebtoken without `rust_crypto`, whose signatures
# then come from a `CryptoProvider` of the program's, can.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
touch src/lib.rs
jwt='jsonwebtoken = { version = "=12.0.0", default-features = false, features = ["rust_crypto"] }'
bare='jsonwebtoken = { version = "=12.0.0", default-features = false }'
webauthn='webauthn-rs = { version = "=0.6.2", default-features = false }'
resolved() {
    printf '[package]\nname = "caller"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n%s\n' "$2" > Cargo.toml
    rm -f Cargo.lock
    if nice -n 15 cargo generate-lockfile 2> said; then
        echo "$1: resolved"
    else
        echo "$1: $(sed -n 's/^error: //p' said | head -n 1)"
    fi
}
{
    resolved "jsonwebtoken" "$jwt"
    resolved "webauthn-rs" "$webauthn"
    resolved "both" "$jwt
$webauthn"
    resolved "both, without rust_crypto" "$bare
$webauthn"
} > seen
cat seen
cmp seen - <<'SEEN'
jsonwebtoken: resolved
webauthn-rs: resolved
both: failed to select a version for `rsa`.
both, without rust_crypto: resolved
SEEN
