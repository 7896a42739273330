"""The site's own files: whose they are, what they weigh, how they are served."""

import gzip
import hashlib
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import monitor.web
from monitor.web.static import address

STATIC = Path(monitor.web.__file__).parent / "static"


def get(url):
    """Status, headers and body."""
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_htmx_is_the_file_that_was_vendored():
    """Its hash is the one in VENDORED.md, and it says the version that stands there."""
    told = (STATIC / "VENDORED.md").read_text("utf-8")
    held = (STATIC / "htmx.min.js").read_bytes()
    assert hashlib.sha256(held).hexdigest() in told
    version = re.search(r"htmx (\d[\d.]+\d),", told)
    assert version
    assert f'version:"{version[1]}"'.encode() in held


def test_the_files_of_every_page_leave_room_for_the_page():
    """Style and scripts together are under 100 kB as they are, so that a page stays under 150."""
    assert sum(len((STATIC / n).read_bytes()) for n in ("site.css", "site.js", "htmx.min.js")) < 1e5


def test_a_file_is_kept_for_ever_under_the_address_of_its_content(empty_desk):
    """The address holds a digest; under any other there is nothing."""
    status, headers, body = get(empty_desk.url + address("site.css"))
    assert (status, body) == (200, (STATIC / "site.css").read_bytes())
    assert "immutable" in headers["Cache-Control"]
    assert get(empty_desk.url + "/static/000000000000/site.css")[0] == 404


@pytest.mark.parametrize("name", ["site.css", "site.js", "htmx.min.js"])
def test_a_browser_gets_files_compressed(empty_desk, name):
    """Who takes gzip gets the same content in less than half, with its own type."""
    asked = urllib.request.Request(
        empty_desk.url + address(name), headers={"Accept-Encoding": "gzip, br"}
    )
    with urllib.request.urlopen(asked) as answer:
        body, headers = answer.read(), answer.headers
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers.get_content_type() == ("text/css" if name == "site.css" else "text/javascript")
    assert gzip.decompress(body) == (STATIC / name).read_bytes()
    assert len(body) < len(gzip.decompress(body)) / 2


@pytest.mark.parametrize(
    "path", ["..%2f..%2fgate.py", "%2e%2e/gate.py", "../gate.py", "VENDORED.md%00", "nothing.css"]
)
def test_nothing_else_is_served(empty_desk, path):
    """No path leads out of the folder."""
    digest = address("site.css").split("/")[2]
    assert get(f"{empty_desk.url}/static/{digest}/{path}")[0] == 404
