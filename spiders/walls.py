"""
Doors that are shut to us: bot walls, logins, consent pages. Named, never worked around.

An answer is judged by what only such a door has: its own headers, its own scripts, its own
title. The words of a page or a feed are never looked at, so that news about a wall passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

#: So much of a body is looked at; a page that is longer and no refusal is the site's own.
LOOK = 65_536

ASK = "ask the publisher for access"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wall:
    """One maker of bot walls, and how it is known."""

    name: str
    #: Headers that only a challenge or a refusal has: name, and words in its value.
    headers: tuple[tuple[str, str], ...] = ()
    #: Headers of everything that passes through it: they say who it was that refused.
    passes: tuple[tuple[str, str], ...] = ()
    #: In tags and scripts of its challenge, never in those of a page behind the wall; lower case.
    markup: tuple[bytes, ...] = ()
    #: Anywhere in its refusal; other pages may have it too.
    refusal: tuple[bytes, ...] = ()
    #: Whole titles of its pages, in lower case.
    titles: tuple[bytes, ...] = ()


_WALLS = (
    _Wall(
        name="Cloudflare",
        headers=(("cf-mitigated", "challenge"),),
        markup=(b"_cf_chl_opt", b'id="challenge-error-text"'),
        refusal=(b"cf-error-details",),
        titles=(b"just a moment...", b"attention required! | cloudflare"),
    ),
    _Wall(
        name="Akamai",
        passes=(("server", "akamaighost"),),
        markup=(b"/_sec/cp_challenge/",),
        refusal=(b"errors.edgesuite.net", b"errors&#46;edgesuite&#46;net"),
    ),
    _Wall(
        name="DataDome",
        passes=(("x-datadome", ""), ("x-dd-b", "")),
        markup=(b"geo.captcha-delivery.com", b"ct.captcha-delivery.com"),
    ),
    _Wall(
        name="PerimeterX",
        markup=(b'id="px-captcha"', b"captcha.px-cdn.net", b"captcha.px-cloud.net"),
        titles=(b"access to this page has been denied", b"access to this page has been denied."),
    ),
    _Wall(
        name="Imperva",
        passes=(("x-iinfo", ""), ("x-cdn", "imperva"), ("x-cdn", "incapsula")),
        markup=(b"/_incapsula_resource?cwudnsai", b"/_incapsula_resource?swudnsai"),
        refusal=(b"incapsula incident id",),
    ),
    _Wall(name="Qrator", passes=(("server", "qrator"),), markup=(b"/__qrator/",)),
    _Wall(
        name="DDoS-Guard",
        passes=(("server", "ddos-guard"),),
        markup=(b"check.ddos-guard.net/check.js", b"/.well-known/ddos-guard/js-challenge"),
        titles=(b"ddos-guard",),
    ),
    _Wall(
        name="Anubis",
        markup=(b'id="anubis_challenge"', b"/.within.website/x/cmd/anubis/static"),
        titles=(b"making sure you're not a bot!", b"making sure you&#39;re not a bot!"),
    ),
    _Wall(
        name="Sucuri",
        headers=(("x-sucuri-block", ""),),
        passes=(("server", "sucuri/cloudproxy"), ("x-sucuri-id", "")),
        markup=(b"sucuri_cloudproxy_js",),
        refusal=(b"cloudproxy@sucuri.net",),
        titles=(b"sucuri website firewall - access denied",),
    ),
    _Wall(name="AWS WAF", headers=(("x-amzn-waf-action", ""),), markup=(b"window.gokuprops",)),
    _Wall(
        name="Vercel",
        headers=(("x-vercel-mitigated", ""),),
        titles=(b"vercel security checkpoint",),
    ),
    _Wall(name="Kasada", passes=(("x-kpsdk-ct", ""),), markup=(b"window.kpsdk={}",)),
    _Wall(
        name="Radware",
        markup=(b"validate.perfdrive.com",),
        titles=(b"radware captcha page", b"radware bot manager captcha"),
    ),
    _Wall(name="Alibaba Cloud", markup=(b"acw_sc__v2", b"aliyun_waf_")),
    _Wall(name="Ruishu", refusal=(b"$_ts=window['$_ts']", b"window['$_ts']={}")),
)

#: Statuses of a refusal: whoever answers for the site with one of them has refused.
_REFUSALS = frozenset({401, 403, 405, 406, 412})
#: Titles of walls whose maker is not known.
_NAMELESS = frozenset(
    {b"are you a robot?", b"robot check", b"security check", b"human verification",
     b"verify you are human", b"checking your browser", b"bot verification", b"ddos protection"}
)  # fmt: skip

_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,200})</title", re.IGNORECASE)
_PROLOGUE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.{0,2000}?-->|<\?xml[^>]{0,200}>)*", re.DOTALL
)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<meta", b"<script",
                b"<iframe", b"<noscript")  # fmt: skip

_LOGIN_HOSTS = re.compile(
    r"(?:login|signin|sign-in|sso|auth|accounts|passport)\.|.+\.(?:okta|auth0|onelogin)\.com$"
)
_LOGIN_STEPS = frozenset(
    {"login", "log-in", "log_in", "signin", "sign-in", "sign_in", "sso", "oauth", "oauth2",
     "saml", "wp-login.php", "login.php", "login.aspx", "login.html", "login.jsp", "login.do"}
)  # fmt: skip
_CONSENT_HOSTS = re.compile(r"(?:consent|guce|cmp|privacy-gate|cookie-consent)\.")
_CONSENT_STEPS = frozenset(
    {"consent", "cookie-consent", "cookieconsent", "privacy-gate", "collectconsent"}
)


def wall(status: int, headers: Mapping[str, str], start: bytes, *, is_data_wanted: bool) -> str:
    """
    Whose bot wall has answered; empty when none has.

    Args:
        headers: lower-case names.
        start: of the body, unpacked; `LOOK` bytes are enough.
        is_data_wanted: XML or JSON is expected, so that a web page is suspect by itself.
    """
    sure = [one.name for one in _WALLS if _has(headers, one.headers)]
    is_short = len(start) < LOOK or status >= 400
    if not sure and is_short and is_web_page(start):
        title, markup = _title(start), _markup(start[:LOOK].lower())
        sure = [one.name for one in _WALLS if title in one.titles or _holds(markup, one.markup)]
        if not sure and title in _NAMELESS and (is_data_wanted or status in _REFUSALS):
            sure = ["of an unknown maker"]
    if not sure and status in _REFUSALS:
        lower = start[:LOOK].lower()
        sure = [
            one.name
            for one in _WALLS
            if _has(headers, one.passes) or _holds(lower, one.refusal)
        ]  # fmt: skip
    return sure[0] if sure else ""


def door(url: str) -> str:
    """What an address is by its host or path: `login`, `consent`, or empty."""
    parts = urlsplit(url)
    host, steps = parts.hostname or "", set(parts.path.lower().split("/"))
    if _CONSENT_HOSTS.match(host) or steps & _CONSENT_STEPS:
        return "consent"
    return "login" if _LOGIN_HOSTS.match(host) or steps & _LOGIN_STEPS else ""


def is_web_page(start: bytes) -> bool:
    """Whether a body is HTML, by how it begins: what its header says is often wrong."""
    found = _PROLOGUE.match(start)
    return start[found.end() if found else 0 :][:20].lower().startswith(_HTML_STARTS)


def _title(start: bytes) -> bytes:
    found = _TITLE.search(start, 0, LOOK)
    return b" ".join(found[1].split()).lower() if found else b""


def _markup(page: bytes) -> bytes:
    """The tags and the scripts of a page, without the text between them."""
    pieces, at = [], 0
    while (begin := page.find(b"<", at)) >= 0:
        end = page.find(b"</script" if page.startswith(b"<script", begin) else b">", begin)
        at = end + 1 if end >= 0 else len(page)
        pieces.append(page[begin:at])
    return b"".join(pieces)


def _holds(text: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark in text for mark in marks)


def _has(headers: Mapping[str, str], marks: tuple[tuple[str, str], ...]) -> bool:
    return any(name in headers and words in headers[name].lower() for name, words in marks)
