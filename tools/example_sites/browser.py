"""Chromium, for pages that are made by script."""

import json
import time
import urllib.error
import urllib.request

from .site import free_port

# The standard's name for the number of an element (WebDriver, "Elements").
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
# Seconds.
PATIENCE = 30


class Browser:
    """A browser that finds every host on this machine, and takes certificates that nobody signed."""

    def __init__(self, site):
        port = free_port()
        site.start("chromedriver", f"--port={port}", port=port)
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic",
                     "--force-prefers-reduced-motion", "--no-first-run", "--window-size=1280,900",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--host-resolver-rules=MAP * 127.0.0.1", f"--user-data-dir={site.folder}/chromium"]
        wanted = {"browserName": "chrome", "acceptInsecureCerts": True, "goog:chromeOptions": {"args": arguments}}
        self.session = f"http://127.0.0.1:{port}/session"
        self.session += "/" + self.command("", capabilities={"alwaysMatch": wanted})["sessionId"]

    def command(self, path, method="POST", **values):
        body = json.dumps(values).encode() if method == "POST" else None
        request = urllib.request.Request(self.session + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(json.load(refused)["value"]["message"]) from None

    def stop(self):
        self.command("", "DELETE")

    def go(self, address):
        self.command("/url", url=address)

    def address(self):
        return self.command("/url", "GET")

    def run(self, script):
        return self.command("/execute/sync", script=script, args=[])

    def find(self, selector):
        """The path of the element, when it is there."""
        element = lambda: self.command("/elements", using="css selector", value=selector)
        return f"/element/{self.expect(selector, element)[0][ELEMENT]}"

    def text(self, selector):
        return self.command(self.find(selector) + "/text", "GET")

    def type(self, selector, text):
        self.command(self.find(selector) + "/value", text=text)

    def press(self, selector):
        self.command(self.find(selector) + "/click")

    def expect(self, what, is_there):
        """Waits for it, and returns it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := is_there():
                return found
            time.sleep(0.05)
        raise AssertionError(f"not seen: {what}, at {self.address()}: {self.run('return document.body.innerText')}")
