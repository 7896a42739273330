"""What a real browser makes of the gate: its own forms pass, those of another site do not."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from monitor.model import Role
from monitor.web import passwords
from tests.store.records import NOW

PASSWORD = "sample horse battery"


@contextmanager
def another_site(html):
    """A page under another name of this machine: for a browser another site."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


FORM = (
    '<form method="post" action="{url}/account"><input name="language" value="ru">'
    '<input name="token" value="{token}"></form><script>document.forms[0].submit()</script>'
)

SCRIPT = """<script>fetch("{url}/account", {{
    method: "POST", mode: "no-cors", credentials: "include", body: "language=ru&token={token}",
    headers: {{"Content-Type": "application/x-www-form-urlencoded"}},
}}).catch(() => 0).finally(() => document.title = "tried")</script>"""


@pytest.mark.parametrize(("attack", "sign"), [(FORM, "That|You may not"), (SCRIPT, "tried")])
def test_another_site_changes_nothing(empty_desk, tab, attack, sign):
    """At the open desk, where no cookie protects: not even with a token that it stole."""
    one = tab(locale="en")
    page = one.goto(f"{empty_desk.url}/account")
    token = page.get_attribute("body", "data-token")
    with another_site(attack.format(url=empty_desk.url, token=token)) as place:
        page.goto(place)
        expect(page).to_have_title(re.compile(sign))
    page.goto(f"{empty_desk.url}/account")
    assert page.get_attribute("html", "lang") == "en"
    one.faults.clear()


def test_another_site_shows_no_page_of_ours(empty_desk, tab):
    """A frame stays empty, so that nobody is led to click in it."""
    one = tab()
    with another_site(f'<iframe src="{empty_desk.url}/account"></iframe>') as place:
        page = one.goto(place)
        assert page.frames[1].locator("form").count() == 0
    one.faults.clear()


def test_our_own_forms_pass(empty_desk, tab):
    """Signing in, another language, another password, signing out: with a browser's own headers."""
    empty_desk.database.add_user(
        "ann", password_hash=passwords.hashed(PASSWORD), role=Role.ADMIN, now=NOW
    )
    page = tab(locale="en", timezone_id="Asia/Almaty").goto(f"{empty_desk.url}/account?x=1")
    page.fill("#name", "ann")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account?x=1")
    assert "Asia/Almaty" in page.inner_text("footer")
    page.select_option("#language", "ru")
    page.click("form[action='/account'] button")
    page.wait_for_selector("html[lang=ru]")
    page.fill("#password", PASSWORD)
    page.fill("#new", "another sample of words")
    page.fill("#again", "another sample of words")
    page.click("form[action='/account/password'] button")
    page.wait_for_url("**/account")
    page.click("form[action='/logout'] button")
    page.wait_for_url("**/login")
    page.goto(f"{empty_desk.url}/users")
    page.wait_for_url("**/login?next=/users")
