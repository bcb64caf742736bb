"""A product that runs in a folder of its own, is filled, and leaves its export and the people who are in it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Where `make test` puts what the products are made of.
FETCHED = ROOT / "target" / "sources"

# Passwords whose bytes a product or an import may change on the way.
QUOTED = "it's a \"quoted\" back\\slash"
# `é` and `Å` as a letter and its mark, the ligature `ﬁ` and a full-width digit: another text in NFC, and again in NFKC.
COMPOSED = "cafe\u0301 A\u030angstro\u0308m \ufb01n \uff17"
# 80 bytes, of which the last eight tell whether all of them count.
LONG = "a long password " * 4 + "that ends 80th!!"
assert len(LONG.encode()) == 80


def person(username, email, password, proven=False, closed=False, totp=None, codes=(), used=()):
    """A person as the test looks for them: what they type, and what their account has."""
    return {
        "username": username,
        "email": email,
        "password": password,
        "proven": proven,
        "closed": closed,
        "totp": totp,
        "recovery_codes": list(codes),
        "used_recovery_codes": list(used),
    }


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def running(command, address, folder, patience=300, **environment):
    """Runs a server until it answers at `address`, and ends it afterwards. What it wrote is shown if something fails."""
    log = folder / "server.log"
    with log.open("wb") as written:
        server = subprocess.Popen(command, cwd=folder, stdout=written, stderr=written, env=os.environ | environment)
    try:
        wait_until_it_answers(server, address, patience)
        yield server
    except BaseException:
        print(log.read_text(errors="replace")[-6000:], file=sys.stderr)
        raise
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_it_answers(server, address, patience):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + patience
    while server.poll() is None and time.monotonic() < until:
        try:
            opener.open(address, timeout=60).close()
            return
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer (the server ended with {server.poll()})")


def main(fill):
    """The entry of each product: `fill` is given a temporary folder, and returns the export and the people."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} OUT_FOLDER")
    # A test that gives up ends its programs so: the product ends too, and its folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="source-"))
    try:
        export, people = fill(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    (out / "export.json").write_text(export, encoding="utf-8")
    (out / "people.json").write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
