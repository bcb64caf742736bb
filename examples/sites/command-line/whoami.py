#!/usr/bin/env python3
"""A program for the command line that signs somebody in with their account at accounts.example.org, in any browser of theirs
(RFC 8628), and says who they are. Beside Vestibule, this prints CLIENT_ID, which is no secret:
    vestibule client create Tool --public --device
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

VESTIBULE = "https://accounts.example.org"
CLIENT_ID = os.environ.get("CLIENT_ID", "")


class Refused(Exception):
    """An answer that is an error, by the code that its standard has for it."""

    def __init__(self, code, description):
        super().__init__(description or code)
        self.code = code


def ask(address, form=None, token=None):
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        try:
            told = json.load(refused)
            raise Refused(told["error"], told.get("error_description")) from None
        except (ValueError, KeyError, TypeError):
            raise Refused("", f"{address} answers {refused.code}") from None


def sign_in(vestibule):
    """Returns the access token of whoever enters the code."""
    client = {"client_id": CLIENT_ID}
    device = ask(vestibule["device_authorization_endpoint"], client | {"scope": "openid profile"})
    print(f"Open {device['verification_uri']} and enter {device['user_code']}", flush=True)
    pause, end = device.get("interval", 5), time.monotonic() + device["expires_in"]
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"]}
    while time.monotonic() < end:
        time.sleep(pause)
        try:
            return ask(vestibule["token_endpoint"], client | grant)["access_token"]
        except Refused as refused:
            if refused.code == "slow_down":
                pause += 5
            elif refused.code != "authorization_pending":
                raise
        except OSError:  # the network is away for a moment
            pause *= 2
    raise Refused("expired_token", "Nobody entered the code in time.")


def main():
    vestibule = ask(f"{VESTIBULE}/.well-known/openid-configuration")
    if vestibule["issuer"] != VESTIBULE:
        raise Refused("", f"{VESTIBULE} says that it is {vestibule['issuer']}")
    member = ask(vestibule["userinfo_endpoint"], token=sign_in(vestibule))
    print(f"Hello {member['name']}, you are member {member['sub']}.")  # `sub` names the account for ever


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Not signed in.")
    except (Refused, OSError, ValueError, KeyError) as error:
        sys.exit(f"Not signed in: {error}")
