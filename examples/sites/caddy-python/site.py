"""A site behind Caddy, which lets nobody in to /members/ who is not signed in: `python3 site.py`."""

import html
import sys
from urllib.parse import unquote
from wsgiref.simple_server import make_server


def page(environ, start_response):
    html_page = [("Content-Type", "text/html; charset=utf-8")]
    if not environ["PATH_INFO"].startswith("/members/"):
        start_response("200 OK", html_page)
        return [b'<!doctype html><title>Welcome</title><h1>Welcome</h1><p><a href="/members/">For members</a></p>']
    if "HTTP_REMOTE_USER" not in environ:  # it came by a way that Caddy does not guard
        start_response("403 Forbidden", html_page)
        return [b"<!doctype html><title>Members</title><h1>For members</h1>"]
    start_response("200 OK", html_page)
    number = int(environ["HTTP_REMOTE_USER"])  # names the account for ever
    name = unquote(environ["HTTP_REMOTE_NAME"])  # what to call the person
    editor = "editor" in map(unquote, environ["HTTP_REMOTE_GROUPS"].split(","))
    words = "You may edit." if editor else "You may read."
    text = f"""<!doctype html><meta charset="utf-8"><title>Members</title><h1>Hello {html.escape(name)}</h1>
<p>You are member {number}. {words}</p>
<form method="post" action="/account/user/logout"><button>Sign out</button></form>"""
    return [text.encode()]


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8001
    make_server("127.0.0.1", port, page).serve_forever()
