"""A site in Flask at www.example.net, whose members are Vestibule's accounts at accounts.example.org, by Authlib:

    pip install -r requirements.txt
    gunicorn --bind 127.0.0.1:8001 app:app

It is behind a proxy. SECRET_KEY (`openssl rand -base64 32`) is in the environment, with CLIENT_ID and CLIENT_SECRET, which this
prints beside Vestibule:
    vestibule client create Gallery --redirect https://www.example.net/callback
"""

import os

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session
from joserfc.errors import JoseError
from markupsafe import escape

SITE, VESTIBULE = "https://www.example.net", "https://accounts.example.org"

app = Flask(__name__)
# Whoever has the cookie can read it, but nobody can change it.
app.config.update(SECRET_KEY=os.environ["SECRET_KEY"], SESSION_COOKIE_NAME="__Host-gallery", SESSION_COOKIE_SECURE=True,
                  SESSION_COOKIE_SAMESITE="Lax")
vestibule = OAuth(app).register(
    "vestibule",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{VESTIBULE}/.well-known/openid-configuration",
    # Vestibule wants the challenge, which Authlib leaves out by itself.
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.get("/")
def front():
    return '<!doctype html><title>The gallery</title><h1>The gallery</h1><p><a href="/members">For members</a></p>'


@app.get("/members")
def members():
    member = session.get("member")
    if not member:
        session["wanted"] = request.full_path
        return vestibule.authorize_redirect(f"{SITE}/callback")
    page = f"""<!doctype html><title>Members</title><h1>Hello {escape(member["name"])}</h1>
<p>You are member {escape(member["sub"])}.</p>
<form method="post" action="/sign-out"><button>Sign out</button></form>"""
    return page, {"Cache-Control": "no-store"}


@app.get("/callback")
def callback():
    try:
        told = vestibule.authorize_access_token()["userinfo"]
    except (AuthlibBaseError, JoseError) as error:
        app.logger.warning("not signed in: %s", error)
        return '<!doctype html><title>Not signed in</title><h1>Not signed in</h1><p><a href="/">The gallery</a></p>', 403
    wanted = session.get("wanted", "/members")
    session.clear()
    session["member"] = {"sub": told["sub"], "name": told["name"]}  # `sub` names the account for ever
    return redirect(wanted)


# The cookie does not come with a form of another site, so nobody else signs people out.
@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect("/")
