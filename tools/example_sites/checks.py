"""What visitors of the sites do."""

import re
import time
import urllib.parse

from .browser import ENTER, Browser
from .visitor import ask, ask_as_written, hidden, value_of, visitor

EMAIL = "zofie@example.org"
PASSWORD = "correct horse battery staple"
NAME = "Žofie <Nováková>"


def check_behind_proxy(site):
    browser = visitor(site)
    _, status, page = ask(browser, site.front)
    assert status == 200 and "For members" in page, (status, page)

    wanted = site.members + "?a=b&c=d%20e"
    lying = {"Remote-User": "1", "Remote-Name": "Eve", "Remote-Email": "eve@example.org", "Remote-Groups": "editor"}
    lying |= {name.replace("-", "_"): value for name, value in lying.items()}
    # Paths that the proxy may read otherwise than the site does.
    for path in ["/members/../x", "/%6dembers/", "//members/"]:
        status, page = ask_as_written(site, path, lying)
        assert status != 200 or "Hello" not in page, (path, status, page)
    at, status, page = ask(browser, wanted, **lying)
    assert at.startswith(site.accounts + "/user/login?next=") and status == 200, (at, status, page)

    sign_up = f"{site.accounts}/user/create"
    form = {"email": EMAIL, "password": PASSWORD}
    json = {"Accept": "application/json", "Origin": "https://" + urllib.parse.urlsplit(site.accounts).netloc}
    _, status, page = ask(browser, sign_up, form, **json)
    assert status == 201, (status, page)
    form["next"] = value_of("next", ask(browser, wanted)[2])
    at, status, page = ask(browser, f"{site.accounts}/user/login", form)
    assert (at, status) == (wanted, 200) and "Hello zofie" in page, (at, status, page)
    _, status, page = ask(browser, f"{site.accounts}/user/modify/profile", {"name": NAME}, **json)
    assert status == 200, (status, page)
    at, status, page = ask(browser, site.members, **lying)
    assert "Hello Žofie &lt;Nováková&gt;" in page and "member 1" in page and "edit" not in page, page

    # As the form of the site does.
    form = re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', page, re.S)
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form.group(2)))
    origin = "https://" + urllib.parse.urlsplit(site.members).netloc
    away = urllib.parse.urljoin(site.members, form.group(1))
    at, status, page = ask(browser, away, fields, Origin=origin, **{"Sec-Fetch-Site": "same-site"})
    assert status == 200 and at == fields.get("next", site.accounts + "/user/login"), (at, status, page)
    at, _, _ = ask(browser, site.members)
    assert at.startswith(site.accounts + "/user/login?next="), at

    # Without an answer nobody is let in.
    site.stop(site.server)
    _, status, page = ask(browser, site.members, **lying)
    assert status >= 500 and "Hello" not in page, (status, page)


def sign_up(site):
    """Somebody signs up, and says in a browser of their own what to call them. Returns what they type to sign in."""
    browser, json = visitor(site), {"Accept": "application/json", "Origin": site.accounts}
    form = {"email": EMAIL, "password": PASSWORD}
    for path, sent, expected in [("create", form, 201), ("login", form, 200), ("modify/profile", {"name": NAME}, 200)]:
        _, status, page = ask(browser, f"{site.accounts}/user/{path}", sent, **json)
        assert status == expected, (path, status, page)
    return form


def check_client(site):
    browser = visitor(site)
    _, status, page = ask(browser, site.front)
    assert status == 200 and "For members" in page, (status, page)

    form = sign_up(site)
    wanted = site.members + "?a=b&c=d%20e"
    at, status, page = ask(browser, wanted)
    assert at.startswith(site.accounts + "/user/login?next=") and status == 200, (at, status, page)
    form["next"] = value_of("next", page)
    at, status, page = ask(browser, f"{site.accounts}/user/login", form)
    if not site.permitted:
        decide = lambda decision: ask(browser, f"{site.accounts}/user/authorize/consent",
                                      {"request": value_of("request", page), "decision": decision}, Origin=site.accounts)
        assert at.startswith(site.accounts + "/user/authorize?") and "www.example.net" in page, (at, status, page)
        at, status, answer = decide("deny")
        assert at.startswith(site.origin) and site.refused in answer and "Hello" not in answer, (at, status, answer)
        at, status, page = ask(browser, wanted)
        assert at.startswith(site.accounts + "/user/authorize?"), (at, status, page)
        at, status, page = decide("allow")
    assert (at, status) == (wanted, 200), (at, status, page)
    assert "Hello Žofie &lt;Nováková&gt;" in page.replace("&#60;", "&lt;").replace("&#62;", "&gt;") and "member 1" in page, page

    at, status, page = ask(browser, f"{site.accounts}/user/logout", {}, Origin=site.accounts)
    assert status == 200, (at, status, page)
    at, status, page = ask(browser, site.members)
    if site.told:
        # The site's own session ends with Vestibule's, as soon as the site was told.
        for _ in range(100):
            if at.startswith(site.accounts):
                break
            time.sleep(0.1)
            at, status, page = ask(browser, site.members)
        form["next"] = value_of("next", page)
        at, status, page = ask(browser, f"{site.accounts}/user/login", form)
    # Else it does not end with Vestibule's.
    assert at == site.members and "Hello" in page, (at, status, page)
    if form := re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', page, re.S):
        away, fields = form.group(1), dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form.group(2)))
    else:
        away, fields = re.search(r'<a href="([^"]*)">Sign out', page).group(1), None
    at, status, page = ask(browser, urllib.parse.urljoin(site.members, away), fields, Origin=site.origin, Referer=site.members)
    assert (at, status) == (site.front, 200), (at, status, page)
    at, _, _ = ask(browser, site.members)
    assert at.startswith(site.accounts + "/user/login?next="), at


def check_single_page(site):
    sign_up(site)
    browser = Browser(site)
    accounts, told = site.accounts + "/user/", lambda: browser.text("#told")
    browser.go(site.members)
    browser.expect("nobody is signed in", lambda: told() == "For members.")

    def lead():
        browser.press("#sign-in")
        browser.expect("the page that signs in", lambda: browser.address().startswith(accounts))

    lead()
    browser.type("[name=email]", EMAIL)
    browser.type("[name=password]", PASSWORD + ENTER)
    browser.expect("the page that asks", lambda: browser.address().startswith(accounts + "authorize?"))
    browser.press("button[value=deny]")
    browser.expect("the app, with nobody", lambda: browser.address() == site.members and told() == "Not signed in.")
    lead()
    browser.press("button[value=allow]")
    greeting = f"Hello {NAME}. You are member 1."
    browser.expect("the app, with a name", lambda: browser.address() == site.members and told() == greeting)

    # Nothing of the answer is left, and a reload signs nobody out.
    left = browser.run("return JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    assert "asked" not in left and "token" not in left, left
    browser.run("location.reload()")
    browser.expect("the name again", lambda: told() == greeting)
    browser.press("#sign-out")
    assert told() == "For members.", told()
    # An answer that this tab did not ask for.
    browser.go(f"{site.origin}/?code=code&state=state")
    browser.expect("nobody", lambda: browser.address() == site.front and told() == "Not signed in.")
    browser.stop()


def check_command_line(site):
    form, browser = sign_up(site), visitor(site)
    # One that is refused, one that is permitted, and one that asks too often.
    hasty = {'device.get("interval", 5)': "1", "pause += 5": "pause += 5; print('slower', flush=True)"}
    programs = [site.begin(), site.begin(), site.begin(hasty)]
    ask(browser, f"{site.accounts}/user/login", form)
    assert programs[2][0].stdout.readline() == "slower\n"
    for (_, said), decision in zip(programs, ["deny", "allow", "allow"]):
        place, code = re.fullmatch(r"Open (\S+) and enter (\S+)\n", said).groups()
        at, status, page = ask(browser, place)
        assert (at, status) == (site.accounts + "/user/devices", 200), (at, status, page)
        pair = urllib.parse.urljoin(place, "/user/devices/pair")
        _, status, page = ask(browser, pair, {**hidden(pair, page), "code": code}, Origin=site.accounts)
        assert status == 200 and "Tool" in page, (status, page)
        at, status, page = ask(browser, pair, {**hidden(pair, page), "decision": decision}, Origin=site.accounts)
        assert (at, status) == (place, 200), (at, status, page)
    answers = [(*program.communicate(timeout=60), program.returncode) for program, _ in programs]
    refused, *permitted = answers
    assert refused[2] == 1 and re.fullmatch(r"Not signed in: [^\n]+\n", refused[1]), refused
    for said, complaint, status in permitted:
        assert (said.replace("slower\n", ""), complaint, status) == (f"Hello {NAME}, you are member 1.\n", "", 0), (said, complaint)
