#!/usr/bin/env bash
# standardwebhooks 1.1.0 (PyPI): `Webhook.sign` takes a datetime and puts UTC in the place of whatever zone that has. The
# same moment written at +02:00 is signed as two hours later, so a message whose header has the moment's true seconds is
# refused by the library's own `verify`. npm's standardwebhooks 1.1.1 takes a Date, which has no zone, and is right.
# Guessed before: a datetime that knows its zone is converted.
#
# Seen: Python signs alike for UTC and npm, otherwise for +02:00; `verify` takes the former alone.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet standardwebhooks==1.1.0
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1

secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
seconds=$(date +%s)

cat > sign.py <<'PYTHON'
import sys
from datetime import datetime, timedelta, timezone
from standardwebhooks import Webhook, WebhookVerificationError

secret, seconds = sys.argv[1], int(sys.argv[2])
hook = Webhook(secret)
for name, zone in [("UTC", timezone.utc), ("+02:00", timezone(timedelta(hours=2)))]:
    moment = datetime.fromtimestamp(seconds, zone)
    signature = hook.sign("msg_1", moment, "{}")
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(seconds), "webhook-signature": signature}
    try:
        hook.verify("{}", headers)
        taken = "taken"
    except WebhookVerificationError:
        taken = "refused"
    print(name, signature, taken)
PYTHON

cat > sign.cjs <<'NODE'
const { Webhook } = require("standardwebhooks");
const [secret, seconds] = process.argv.slice(2);
console.log(new Webhook(secret).sign("msg_1", new Date(Number(seconds) * 1000), "{}"));
NODE

python/bin/python sign.py "$secret" "$seconds" | tee python.txt
node sign.cjs "$secret" "$seconds" | tee node.txt
[ "$(grep ^UTC python.txt)" = "UTC $(cat node.txt) taken" ]
grep -q '^+02:00 .* refused$' python.txt
! grep -q "^+02:00 $(cat node.txt) " python.txt
