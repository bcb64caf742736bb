"""Verifies messages of webhooks with the convention's own library, and holds them against their schema.

Usage: webhook_client.py SECRET SCHEMA. Reads messages, one JSON object a line: headers and body. Prints the type of each.
"""

import json
import sys

from jsonschema import Draft202012Validator
from standardwebhooks import Webhook, WebhookVerificationError


def closed(schema):
    """The schema without room for properties that it does not describe: what is sent is described."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            schema["additionalProperties"] = False
        return schema
    return [closed(value) for value in schema] if isinstance(schema, list) else schema


def main(secret, schema):
    webhook = Webhook(secret)
    with open(schema, encoding="utf-8") as file:
        schema = closed(json.load(file))
    Draft202012Validator.check_schema(schema)
    for line in sys.stdin:
        got = json.loads(line)
        message = webhook.verify(got["body"], got["headers"])
        try:
            webhook.verify(got["body"].replace("account_id", "account_no"), got["headers"])
            sys.exit("a message that was changed is taken")
        except WebhookVerificationError:
            pass
        own = {**schema, "oneOf": [{"$ref": "#/$defs/" + message["type"]}]}
        Draft202012Validator(own).validate(message)
        print(message["type"])


main(*sys.argv[1:])
