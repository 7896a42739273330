"""What a rule can ask of an article: each field with its kind and where it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from monitor.model.news import Claim
from monitor.model.rules import Facts


class Kind(StrEnum):
    """How the values of a field are compared."""

    #: Whole words in this order: `text:"joint venture"`.
    WORDS = "words"
    #: One of the article's names, as a whole: `country:KZ`.
    NAME = "name"
    #: `relevance>=0.3`.
    NUMBER = "number"
    #: `published>=2026-01-31`.
    DAY = "day"


#: The operators of each kind; `~` is a regular expression.
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.WORDS: (":", "~"),
    Kind.NAME: (":", "~"),
    Kind.NUMBER: (":", "=", "<", "<=", ">", ">="),
    Kind.DAY: (":", "=", "<", "<=", ">", ">="),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; of an article, or of one figure of it."""

    kind: Kind
    about: str
    #: Names of an article; of a claim's field it is `of_claim`.
    of: Callable[[Facts], tuple[str, ...]] | None = None
    of_claim: Callable[[Claim], tuple[str, ...]] | None = None
    #: Kind in the taxonomy of which its values are (`monitor.enrich.meaning`).
    concept: str = ""


def host(url: str) -> str:
    """The host of an address, without `www.`; '' for what is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _name(about: str, of: Callable[[Facts], tuple[str, ...]], concept: str = "") -> Field:
    return Field(kind=Kind.NAME, about=about, of=of, concept=concept)


def _claim(about: str, of: Callable[[Claim], tuple[str, ...]], concept: str = "") -> Field:
    return Field(kind=Kind.NAME, about=about, of_claim=of, concept=concept)


#: Name -> field.
FIELDS: Mapping[str, Field] = {
    "mineral": _name("a mineral, in any language", lambda f: f.said.minerals, "mineral"),
    "country": _name("a country: code or name", lambda f: f.said.countries, "country"),
    "company": _name("a company", lambda f: f.said.companies, "company"),
    "place": _name("a deposit or project", lambda f: f.said.places),
    "event": _name("a kind of event", lambda f: f.said.events, "event"),
    "language": _name("of the text: ru", lambda f: (f.said.language,)),
    "source": _name("number or name of a source", lambda f: (str(f.source_id), f.source)),
    "site": _name("name or host of the outlet", lambda f: (f.site, *_hosts(f.url))),
    "author": Field(kind=Kind.WORDS, about="words of an author's name", of=lambda f: f.authors),
    "flag": _name("truncated, paywalled, summary_only", lambda f: f.flags),
    "origin": _name("whom it names as its origin", lambda f: (f.said.attributed_to,)),
    "title": Field(kind=Kind.WORDS, about="words of the title", of=lambda f: (f.title,)),
    "text": Field(kind=Kind.WORDS, about="words of title and text", of=lambda f: (f.title, f.text)),
    "url": Field(kind=Kind.WORDS, about="words of the address", of=lambda f: (f.url,)),
    "relevance": Field(kind=Kind.NUMBER, about="of its words, before any rule: 0 to 1"),
    "published": Field(kind=Kind.DAY, about="the day (UTC): 2026-01-31"),
    "claim.kind": _claim("of a figure: stake, capex, …", lambda c: (c.kind,), "figure"),
    "claim.value": Field(kind=Kind.NUMBER, about="the figure: 50, 1.1e9"),
    "claim.unit": _claim("%, USD, t, …", lambda c: (c.unit,)),
    "claim.basis": _claim("W, WO3, LCE, …", lambda c: (c.basis,)),
    "claim.stage": _claim("plan, binding, in_force, …", lambda c: (c.stage,)),
    "claim.category": _claim("inferred, C1, …", lambda c: (c.category,)),
    "claim.standard": _claim("JORC, GKZ, …", lambda c: (c.standard,)),
    "claim.subject": _claim("whom or what it is about", lambda c: c.subjects),
    "claim.quote": Field(
        kind=Kind.WORDS, about="words of its quote", of_claim=lambda c: (c.quote,)
    ),
}


def _hosts(url: str) -> tuple[str, ...]:
    """`news.mining.example` is of the site `mining.example` too."""
    parts = host(url).split(".")
    return tuple(".".join(parts[at:]) for at in range(len(parts) - 1))
