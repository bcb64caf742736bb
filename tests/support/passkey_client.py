"""A client of the JSON calls for passkeys, with an authenticator of another maker: soft-webauthn over fido2.

Usage: passkey_client.py ADDRESS ORIGIN. Prints what was answered at each step, one JSON object a line.
"""

import http.cookiejar
import json
import sys
import urllib.error
import urllib.request

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import sha256, websafe_decode, websafe_encode
from soft_webauthn import SoftWebauthnDevice

USER_VERIFIED = 4
FLAGS_AT = 32


class VerifyingDevice(SoftWebauthnDevice):
    """One that recognises its holder, which soft-webauthn's does not."""

    def create(self, options, origin):
        made = super().create(options, origin)
        attestation = cbor.decode(made["response"]["attestationObject"])
        data = bytearray(attestation["authData"])
        data[FLAGS_AT] |= USER_VERIFIED
        attestation["authData"] = bytes(data)
        made["response"]["attestationObject"] = cbor.encode(attestation)
        return made

    def get(self, options, origin):
        used = super().get(options, origin)
        response = used["response"]
        data = bytearray(response["authenticatorData"])
        data[FLAGS_AT] |= USER_VERIFIED
        response["authenticatorData"] = bytes(data)
        signed = bytes(data) + sha256(response["clientDataJSON"])
        response["signature"] = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return used


class Site:
    """A program with cookies."""

    def __init__(self, address):
        self.address = address
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def post(self, path, body):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers)
        try:
            with self.opener.open(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)


def decoded(options):
    """The options as the library wants them: with bytes."""
    options = options["publicKey"]
    options["challenge"] = websafe_decode(options["challenge"])
    if "user" in options:
        options["user"]["id"] = websafe_decode(options["user"]["id"])
    return {"publicKey": options}


def encoded(credential):
    """A credential as JSON has it."""

    def text(value):
        return websafe_encode(value) if isinstance(value, bytes) else value

    credential["response"] = {name: text(value) for name, value in credential["response"].items()}
    return {"credential": {name: text(value) for name, value in credential.items()}}


def main(address, origin):
    def say(step, answer):
        print(json.dumps({"step": step, "status": answer[0], "answer": answer[1]}), flush=True)

    owner = Site(address)
    account = {"email": "ada@example.org", "username": "ada", "password": "correct horse battery"}
    say("sign up", owner.post("/user/create", account))
    say("sign in", owner.post("/user/login", account))
    passkeys, sign_in = "/user/security/passkeys", "/user/login/passkey"

    careless = SoftWebauthnDevice()
    options = decoded(owner.post(passkeys + "/begin", {})[1])
    say("careless", owner.post(passkeys, encoded(careless.create(options, origin))))

    device = VerifyingDevice()
    options = decoded(owner.post(passkeys + "/begin", {})[1])
    say("add", owner.post(passkeys, encoded(device.create(options, origin))))

    for step in ("enter", "enter again"):
        stranger = Site(address)
        options = decoded(stranger.post(sign_in + "/begin", {})[1])
        say(step, stranger.post(sign_in, encoded(device.get(options, origin))))

    stranger = Site(address)
    options = decoded(stranger.post(sign_in + "/begin", {})[1])
    say("elsewhere", stranger.post(sign_in, encoded(device.get(options, "https://evil.example"))))

    stranger = Site(address)
    device.sign_count = 0
    options = decoded(stranger.post(sign_in + "/begin", {})[1])
    say("copied", stranger.post(sign_in, encoded(device.get(options, origin))))


main(*sys.argv[1:])
