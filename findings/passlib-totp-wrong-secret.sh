#!/usr/bin/env bash
# passlib 1.7.4 (Flask-Security keeps its authenticator apps' secrets by it): `TOTP.using(secrets=…)` encrypts a key under one of
# the application's secrets, which it names by a tag. The form has no check value: AES in counter mode, and nothing beside it.
# Read with another secret under the same tag, as after a secret was replaced and the tag kept, it gives another key and no
# error. Codes are then wrong for everybody, and whoever moves the accounts elsewhere cannot see that the secret was the wrong one.
# Guessed before: a wrong secret raises an error, as a tag that is not there does.
#
# Seen: another key of the same length; an error for the unknown tag alone.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check passlib==1.7.4 cryptography==44.0.0
venv/bin/python - <<'PYTHON'
import passlib
from passlib.totp import TOTP

print("passlib", passlib.__version__)
written = TOTP.using(secrets={"1": "the secret of the application"}).new()
stored = written.to_json(encrypt=True)
assert written.base32_key not in stored

same = TOTP.using(secrets={"1": "the secret of the application"}).from_json(stored)
print("with the same secret:", same.base32_key == written.base32_key)
assert same.base32_key == written.base32_key

other = TOTP.using(secrets={"1": "another secret"}).from_json(stored)
print("with another secret under its tag: no error, the same key:", other.base32_key == written.base32_key)
assert other.base32_key != written.base32_key and len(other.base32_key) == len(written.base32_key)

try:
    TOTP.using(secrets={"2": "the secret of the application"}).from_json(stored)
    raise SystemExit("the tag is not asked for any more")
except KeyError as error:
    print("with the right secret under another tag: KeyError")
PYTHON
