"""Holds each line of standard input, a JSON value, against a schema. Usage: json_lines.py SCHEMA. Prints how many lines there were."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
count = 0
for line in sys.stdin:
    validator.validate(json.loads(line))
    count += 1
print(count)
