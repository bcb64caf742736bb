"""What a person has who fills in the forms of another product: a browser without scripts, and an authenticator app."""

import base64
import hashlib
import hmac
import json
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar


class Refused(Exception):
    """A step that the product did not take, with the product's own answer."""


class Form:
    """A form as a page has it, with the values that it would send untouched."""

    def __init__(self, action, method):
        self.action, self.method, self.fields, self.names = action, method, [], set()

    def add(self, name, value, sent=True):
        """A field, which is not `sent` while it is an unset checkbox."""
        self.names.add(name)
        if sent:
            self.fields.append((name, value))

    def filled(self, values):
        """The fields with `values` in the place of their own; `None` leaves one out, as an unset checkbox does."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return kept + [(name, value) for name, value in values.items() if value is not None]


class FormReader(HTMLParser):
    """Finds the forms of a page, the values that are no field of one, and the text."""

    def __init__(self):
        super().__init__()
        self.forms, self.loose, self.text = [], {}, []
        self.form = self.area = self.select = None
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self.form)
        elif tag in ("script", "style"):
            self.silent += 1
        elif tag == "input":
            self.read_input(given)
        elif tag == "textarea":
            self.area = (given.get("name") or given.get("id"), [])
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select and self.form:
            self.form.add(self.select, given.get("value") or "", "selected" in given)

    def read_input(self, given):
        kind = given.get("type", "text").lower()
        value = given.get("value")
        name = given.get("name")
        if name is None or self.form is None or "disabled" in given:
            self.loose[name or given.get("id")] = value
        elif kind in ("checkbox", "radio"):
            self.form.add(name, "on" if value is None else value, "checked" in given)
        elif kind not in ("submit", "button", "image", "reset", "file"):
            self.form.add(name, value or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            name, parts = self.area
            text = "".join(parts)
            self.loose[name] = text
            if self.form is not None:
                self.form.add(name, text.removeprefix("\n"))
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.area[1].append(data)
        elif not self.silent:
            self.text.append(data)


class Page:
    """An answer: its status, where it was found after all redirects, and what it says."""

    def __init__(self, status, address, body, leads_to):
        self.status, self.address, self.body, self.leads_to = status, address, body, leads_to or ""
        self.path = urllib.parse.urlsplit(address).path
        reader = FormReader()
        reader.feed(body)
        self.forms, self.loose = reader.forms, reader.loose
        self.text = " ".join(" ".join(reader.text).split())
        # A long page says late what is wrong.
        self.said = f"{status} at {address}: {self.text[max(0, self.text.find('Error')) :][:1500]}"

    def form(self, field):
        """The form that has `field`."""
        for form in self.forms:
            if field in form.names:
                return form
        raise Refused(f"no form with {field}: {self.said}")

    def shown(self, name):
        """What stands in a field that nothing is typed into."""
        if name not in self.loose:
            raise Refused(f"no {name}: {self.said}")
        return self.loose[name]

    def must(self, taken, step):
        """Passes the page on if the step was `taken`."""
        if not taken:
            raise Refused(f"{step}: {self.said}")
        return self

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


class Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect as it is, where the page that it leads to tells nothing more."""

    def redirect_request(self, *answer):
        return None


class Browser:
    """Keeps cookies, follows redirects unless it is told to stay, and sends forms."""

    def __init__(self, site):
        self.site = site
        # The site is on this machine, whatever the environment says of proxies.
        handlers = [urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})]
        self.opener = urllib.request.build_opener(*handlers)
        self.stays = urllib.request.build_opener(*handlers, Stay())

    def ask(self, address, data=None, kind=None, follow=True):
        address = urllib.parse.urljoin(self.site, address)
        headers = {"Origin": self.site, "Referer": address}
        if kind:
            headers["Content-Type"] = kind
        request = urllib.request.Request(address, data, headers)
        try:
            answer = (self.opener if follow else self.stays).open(request, timeout=120)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Page(answer.status, answer.url, answer.read().decode(), answer.headers["Location"])

    def get(self, address):
        return self.ask(address)

    def send(self, page, field, action=None, follow=True, **values):
        """Sends the form of `page` that has `field`, filled in with `values`."""
        form = page.form(field)
        data = urllib.parse.urlencode(form.filled(values)).encode()
        target = urllib.parse.urljoin(page.address, action or form.action or page.address)
        if form.method == "get":
            return self.get(f"{target}?{data.decode()}")
        return self.ask(target, data, "application/x-www-form-urlencoded", follow)

    def fill(self, address, field, **values):
        """Opens a page and sends its form."""
        return self.send(self.get(address), field, **values)

    def post_json(self, address, **values):
        return self.ask(address, json.dumps(values).encode(), "application/json")


def totp(secret, now=None):
    """The code of RFC 6238 that an app shows which was given `secret`, in base32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time() if now is None else now) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
