"""Browsers without script, and what they see."""

import html
import http.client
import http.cookiejar
import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request


def visitor(site):
    """A browser without script: it keeps cookies, follows redirects, and finds every host at the proxy."""
    context = ssl.create_default_context(cafile=site.pem)

    class Connection(http.client.HTTPSConnection):
        def connect(self):
            stream = socket.create_connection(("127.0.0.1", site.proxy), 20)
            self.sock = context.wrap_socket(stream, server_hostname=self.host)

    class Handler(urllib.request.HTTPSHandler):
        def https_open(self, request):
            return self.do_open(Connection, request)

    class Cookies(urllib.request.HTTPCookieProcessor):
        handler_order = 100

    return urllib.request.build_opener(Handler(), Cookies(http.cookiejar.CookieJar()))


def ask(browser, address, form=None, **headers):
    """Returns where the browser ends, the status and the page."""
    body = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(address, body, {"Accept": "text/html", **headers})
    try:
        answer = browser.open(request, timeout=20)
    except urllib.error.HTTPError as refused:
        answer = refused
    if going_on := re.match(r"0; url=(.*)", answer.headers.get("Refresh", "")):
        return ask(browser, urllib.parse.urljoin(answer.geturl(), going_on.group(1)))
    return answer.geturl(), answer.status, answer.read().decode()


def value_of(name, page):
    return html.unescape(re.search(f'name="{name}" value="([^"]*)"', page).group(1))


def hidden(address, page):
    """What the form that goes to the address sends along."""
    path = re.escape(urllib.parse.urlsplit(address).path)
    form = re.search(rf'<form[^>]* action="{path}".*?</form>', page, re.S).group()
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in fields}


def ask_as_written(site, path, headers):
    """As [ask], signed out, without tidying the path."""
    host = urllib.parse.urlsplit(site.members).netloc
    context = ssl.create_default_context(cafile=site.pem)
    with socket.create_connection(("127.0.0.1", site.proxy), 20) as stream:
        with context.wrap_socket(stream, server_hostname=host) as sock:
            lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *(f"{n}: {v}" for n, v in headers.items())]
            sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = http.client.HTTPResponse(sock)
            answer.begin()
            return answer.status, answer.read().decode()
