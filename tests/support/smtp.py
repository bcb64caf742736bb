"""A mail server for tests and measurements: aiosmtpd, with the habits that mail servers have.

What arrives lies in a Maildir and, with `--read`, as a reader's program understands it in a line of the file
`messages` beside it; every command is a line of `commands`. Recipients are treated by their names: `refused…` are
refused for good, `busy…` are put off the first time, `lost…` lose the connection once before the message was sent,
`dropped…` once after the whole message was taken. `held…` get no answer to their first message, which is not kept,
and the answer to `slow…` comes late. It ends when its standard input does, so that it outlives nobody.
"""

import argparse
import asyncio
import email
import email.policy
import json
import mailbox
import os
import socket
import ssl
import subprocess
import sys
import tempfile

from aiosmtpd.smtp import SMTP, AuthResult

CERTIFICATE = """
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, IP:127.0.0.1
basicConstraints = critical, CA:FALSE
"""


def make_certificate(file, plain):
    """Makes a certificate of this machine that vouches for itself, at `file`, and gives what TLS needs of it.

    `plain` is what most people make, which is marked as an authority's."""
    with tempfile.TemporaryDirectory() as folder:
        request, key = os.path.join(folder, "request"), os.path.join(folder, "key")
        with open(request, "w") as text:
            text.write(CERTIFICATE)
        kind = ["-config", request, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        if plain:
            kind = ["-newkey", "rsa:2048", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run(
            ["openssl", "req", "-x509", *kind, "-days", "2", "-nodes", "-keyout", key, "-out", file],
            check=True, capture_output=True,
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file, key)
        return context


class House:
    """Takes mail in. aiosmtpd calls these by name."""

    def __init__(self, folder, latency, slow, read):
        self.maildir = mailbox.Maildir(os.path.join(folder, "mail"))
        # Line by line, so that a reader sees whole ones.
        self.commands, self.messages = (
            open(os.path.join(folder, name), "a", buffering=1) for name in ["commands", "messages"]
        )
        self.latency, self.slow, self.read = latency, slow, read
        self.put_off = set()

    async def heard(self, command):
        self.commands.write(command + "\n")
        await asyncio.sleep(self.latency)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await self.heard(f"EHLO {hostname} {'encrypted' if server.transport.get_extra_info('ssl_object') else 'clear'}")
        return responses

    async def handle_NOOP(self, server, session, envelope, argument):
        await self.heard("NOOP")
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.heard(f"MAIL FROM:<{address}>")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.heard(f"RCPT TO:<{address}>")
        if address.startswith("refused"):
            return "550 5.1.1 nobody is called so"
        if address.startswith("busy") and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 come back later"
        if address.startswith("lost") and address not in self.put_off:
            self.put_off.add(address)
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.heard("DATA")
        address = envelope.rcpt_tos[0]
        if address.startswith("held") and address not in self.put_off:
            self.put_off.add(address)
            self.commands.write(f"HELD {address}\n")
            await asyncio.Event().wait()
        self.commands.write(f"TAKEN {address}\n")
        self.keep(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        if address.startswith("slow"):
            await asyncio.sleep(self.slow)
        if address.startswith("dropped") and address not in self.put_off:
            self.put_off.add(address)
            server.transport.abort()
        return "250 taken"

    def keep(self, sender, recipients, content):
        head = "".join(f"Delivered-To: {recipient}\n" for recipient in recipients)
        self.maildir.add(f"Return-Path: <{sender}>\n{head}".encode() + content)
        if not self.read:
            return
        message = email.message_from_bytes(content, policy=email.policy.default)
        bodies = {kind: message.get_body([kind]) for kind in ["plain", "html"]}
        defects = [defect for part in message.walk() for defect in part.defects]
        defects += [defect for value in message.values() for defect in value.defects]
        self.messages.write(json.dumps({
            "sender": sender,
            "recipient": ", ".join(recipients),
            "content": content.decode(),
            "headers": [(name, str(value)) for name, value in message.items()],
            "text": bodies["plain"].get_content() if bodies["plain"] else "",
            "html": bodies["html"].get_content() if bodies["html"] else "",
            "defects": [str(defect) or type(defect).__name__ for defect in defects],
        }) + "\n")

    def login(self, wanted):
        def check(server, session, envelope, mechanism, given):
            good = (given.login + b":" + given.password).decode() == wanted
            self.commands.write(f"AUTH {mechanism} {'good' if good else 'wrong'}\n")
            # Not handled: aiosmtpd is to say that it was wrong.
            return AuthResult(success=good, handled=good)

        return check


async def accept_few(listener, places, protocol, tls):
    """Accepts a connection when there is a place for it, as servers with a fixed number of processes do. For the others
    the system connects, and nobody greets."""
    loop = asyncio.get_running_loop()
    free = asyncio.Semaphore(places)

    class Seated(protocol):
        def connection_lost(self, error):
            super().connection_lost(error)
            free.release()

    while True:
        await free.acquire()
        connection, _ = await loop.sock_accept(listener)
        await loop.connect_accepted_socket(Seated, connection, ssl=tls)


async def serve(options):
    house = House(options.folder, options.latency / 1000, options.slow, options.read)
    certificate = None
    if options.tls != "none":
        certificate = make_certificate(os.path.join(options.folder, "certificate.pem"), options.plain_certificate)
    settings = {"hostname": "mail.example.org", "enable_SMTPUTF8": not options.ascii}
    if options.tls == "starttls":
        settings |= {"tls_context": certificate, "require_starttls": True}
    if options.login:
        # What came over TLS from the start needs no STARTTLS before it says who it is.
        settings |= {"authenticator": house.login(options.login), "auth_required": True}
        settings |= {"auth_require_tls": options.tls == "starttls"}
    loop = asyncio.get_running_loop()
    tls = certificate if options.tls == "smtps" else None

    class Greeting(SMTP):
        def __init__(self):
            super().__init__(house, **settings)

    listener = socket.create_server(("127.0.0.1", options.port), backlog=256)
    listener.setblocking(False)
    if options.places:
        accepting = asyncio.ensure_future(accept_few(listener, options.places, Greeting, tls))
    else:
        accepting = await loop.create_server(Greeting, sock=listener, backlog=256, ssl=tls)
    print("ready", listener.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # Connections that are still open are nobody's any more.
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", help="where `mail`, `commands` and `certificate.pem` are made")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0, help="milliseconds before each answer")
    parser.add_argument("--slow", type=float, default=0, help="seconds before the answer to mail for `slow…`")
    parser.add_argument("--places", type=int, help="clients that are served at a time; the others get no greeting")
    parser.add_argument("--read", action="store_true", help="write `messages`")
    parser.add_argument("--tls", choices=["none", "starttls", "smtps"], default="none")
    parser.add_argument("--plain-certificate", action="store_true", help="one that is marked as an authority's")
    parser.add_argument("--ascii", action="store_true", help="offer no SMTPUTF8")
    parser.add_argument("--login", help="NAME:PASSWORD that clients must know")
    asyncio.run(serve(parser.parse_args()))


main()
