"""A visitor of the site who sends exactly what a test says, and keeps the cookies it gets."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back; redirects are not followed."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def to(self):
        """Where it sends the visitor."""
        return self.headers["Location"]


class Visitor:
    """One browser without a screen, or whoever pretends to be one."""

    def __init__(self, url, **headers):
        self.place = urlsplit(url).netloc
        self.cookies = {}
        #: Sent with each request; None leaves out what would be sent by itself.
        self.headers = {"User-Agent": "Sample/1.0", **_named(headers)}

    def ask(self, method, path, body=None, **headers):
        """Send one request; `_` in a header's name stands for `-`."""
        connection = http.client.HTTPConnection(self.place, timeout=30)
        try:
            sent = self.headers | _named(headers)
            sent.setdefault("Host", self.place)
            if self.cookies:
                sent.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
            data = body.encode() if isinstance(body, str) else body
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if data is not None or method != "GET":
                sent.setdefault("Content-Length", str(len(data or b"")))
            for name, value in sent.items():
                for one in value if isinstance(value, list) else [value]:
                    if one is not None:
                        connection.putheader(name, one)
            connection.endheaders(data)
            return self._taken(connection.getresponse())
        finally:
            connection.close()

    def _taken(self, response):
        for value in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        text = response.read().decode("utf-8", "replace")
        return Answer(response.status, response.headers, text)

    def get(self, path, **headers):
        """Ask for a page."""
        return self.ask("GET", path, **headers)

    def token(self, page="/account"):
        """What a form of this visitor's has to bring back."""
        found = self.get(page)
        if found.to:
            found = self.get(found.to)
        return re.search(r'data-token="(\w+)"', found.text)[1]

    def post(self, path, fields=(), *, token=None, **headers):
        """Send a form as a page of the site would."""
        pairs = list(dict(fields).items()) if not isinstance(fields, list) else fields
        pairs.append(("token", self.token() if token is None else token))
        return self.ask(
            "POST",
            path,
            urlencode(pairs),
            **{"Content_Type": "application/x-www-form-urlencoded", **headers},
        )

    def sign_in(self, name, password, *, page="/login", **headers):
        """Fill in the form of the page."""
        fields = {"name": name, "password": password, "next": "/account"}
        return self.post("/login", fields, token=self.token(page), **headers)


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}
