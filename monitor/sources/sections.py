"""
Which part of a site an address is about: its section and language, read from path and query.

`/ru/economy/rss.xml` is about `economy` in `ru`; `/feed` about the whole site.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from monitor import urls

_PARTS = re.compile(r"[^\W_]+")
_FILE = re.compile(r"\.(?:html?|php\d?|aspx?|jspx?|cgi|shtml|do|action)$", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"(?:en|ru|kk|kz|uz|zh|cn|cht|chs|tw|hk|ja|jp|ko|kr|de|fr|es|pt|br|it|pl|uk|ua|tr|az|ky|kg|mn|tg|tj|tk"
    r"|ar|fa|hi|id|vi|vn|rus|eng|kaz|zho|chi|esp|fra|deu|english|russian|kazakh)(?:[-_][a-z]{2,4})?",
    re.IGNORECASE,
)
#: What sites write for a language whose tag begins otherwise.
_TAGS = {
    "kz": "kk", "kaz": "kk", "kazakh": "kk", "cn": "zh", "cht": "zh", "chs": "zh", "chi": "zh",
    "tw": "zh", "hk": "zh", "jp": "ja", "kr": "ko", "ua": "uk", "vn": "vi", "kg": "ky", "br": "pt",
    "esp": "es", "deu": "de",
}  # fmt: skip
#: Words of an address that name a format or all of a site, not a part of it.
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        """
        rss rss2 rss20 rss091 rdf feed feeds atom atom10 xml json index default posts post
        all full main news newsfeed novosti lenta latest recent last headlines articles
        article stories story export public content api media php html htm asp aspx jsp cgi
        bin site www blog home bitrix joomla format type yandex google googlenews zen turbo
        feedburner materials sitemap sitemaps newssitemap gz wp v1 v2 channel channels
        category categories section sections rubric rubrics topic topics tag tags view list
        page kanaly rubriky taxonomy term option com id lang limit component
        """,
    )
)
#: Labels below a country's under which sites are named: co.kr, com.cn, gov.kz.
_BELOW_COUNTRIES = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ne", "net", "or", "org")
)
_NO_SECTION = frozenset(("index", "home", "main", "rss", "feed", "feeds", "robots", "txt"))
_COMMENTS = re.compile(
    r"(?<![a-z])comments?(?![a-z])|коммент|пікір|comentario|commentaire|kommentar|评论|評論|留言",
    re.IGNORECASE,
)


def section_of(url: str) -> tuple[str, ...]:
    """The words of the section that a page's address names; none for a whole site."""
    named = [one for one in map(unquote, folder_of(url).split("/")) if not _LANGUAGE.fullmatch(one)]
    words = [word.lower() for one in named for word in _PARTS.findall(one)]
    return tuple(word for word in words if word not in _NO_SECTION)


def folder_of(url: str) -> str:
    """The path of an address without a file name at its end; it ends in a slash."""
    path = urlsplit(url).path
    head, _, name = path.rpartition("/")
    return f"{head}/" if _FILE.search(name) else f"{path.rstrip('/')}/"


def topic_of(url: str) -> tuple[str, ...]:
    """The words of a feed's address that name a part of its site; none for the whole."""
    parts = urlsplit(url)
    segments = [unquote(one) for one in parts.path.split("/") if one]
    named = [one for one in segments if not _LANGUAGE.fullmatch(one)]
    said = [*named, *(value for value in map(unquote, parts.query.split("&")) if value)]
    own = set(_PARTS.findall(urls.host(url).lower()))
    words = [word.lower() for one in said for word in _PARTS.findall(one)]
    return tuple(
        word
        for word in words
        if word not in _PLAIN and word not in own and not _LANGUAGE.fullmatch(word)
    )


def language_of(url: str) -> str:
    """The language that a segment of the address names, as its tag of two letters, or ''."""
    segments = (unquote(one).partition(".")[0] for one in urlsplit(url).path.split("/"))
    named = next((one.lower() for one in segments if _LANGUAGE.fullmatch(one)), "")
    return _TAGS.get(named) or named[:2]


def is_below(url: str, folder: str) -> bool:
    """Whether an address lies within the folder of another of its host."""
    path = urlsplit(url).path
    return urls.host(url) == urls.host(folder) and (path + "/").startswith(folder_of(folder))


def is_about_comments(text: str) -> bool:
    """Whether an address or a title speaks of comments."""
    return _COMMENTS.search(text) is not None


def site_of(url: str) -> str:
    """What an address shares with the others of its site: the last two labels of its host."""
    host = urls.host(url)
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    is_wide = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _BELOW_COUNTRIES
    return ".".join(labels[-3:] if is_wide else labels[-2:])
