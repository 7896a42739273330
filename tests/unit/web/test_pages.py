"""Where forms go back to, and what is told on the next page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.pages import own_path, tell


def request(**headers):
    """A request with these headers."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


@pytest.mark.parametrize("back", ["/", "/stories/3?x=1#note", "/?q=вольфрам", "/?q=a b"])
def test_a_form_goes_back_to_a_path_of_this_site(back):
    """A path with one slash is gone back to as it is."""
    assert own_path(back) == back


@pytest.mark.parametrize(
    "back",
    ["", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "\\\\evil.example",
     "https://evil.example", "javascript:alert(1)", "stories", "/x\r\nSet-Cookie: a=b", "/\u202ex"],
)  # fmt: skip
def test_a_form_goes_nowhere_else(back):
    """What a browser would take for another site, or for another header, is the inbox."""
    assert own_path(back) == "/"


@given(back=st.text(alphabet="/\\.:@?#\t\r\n\x00ab"))
def test_no_text_leads_to_another_site(back):
    """Whatever is given: one slash, then no second, no backslash, no control."""
    path = own_path(back)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path
    assert path.isprintable()


def test_htmx_is_told_at_once_in_letters_of_a_header():
    """The answer to htmx has the words in a header of ASCII, with the batch to undo."""
    answer = tell(request(hx_request="true"), Response(), "Сохранено.", undo=17)
    assert answer.headers["hx-trigger"].isascii()
    assert json.loads(answer.headers["hx-trigger"]) == {
        "said": {"text": "Сохранено.", "undo": "17"}
    }
    assert "set-cookie" not in answer.headers


def test_a_browser_is_told_on_the_next_page():
    """Another answer keeps the words for the page that follows, where no script reads them."""
    answer = tell(request(), Response(), "保留。" * 1000)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("told=")
    assert "HttpOnly" in cookie
    assert len(cookie) < 4096
