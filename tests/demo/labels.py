"""Which stored article is which article of the sample content, and what is true of it."""

import re
import tomllib
from pathlib import Path

from monitor.demo.content import load_outlets
from monitor.model import Filter, SourceKind

TRUTH = tomllib.loads(Path(__file__).with_name("truth.toml").read_text(encoding="utf-8"))

#: Item of a digest: its number is no part of the story.
NUMBERED = re.compile(r"^\d+\.\s+")


def development_of():
    """Article id -> name of the development that it tells."""
    return {
        article: name
        for name, development in TRUTH["development"].items()
        for article in development["articles"]
    }


def by_id(database):
    """Article id -> stored article, whole; found by source and title, or by a message's words."""
    stored = database.articles(Filter(limit=10_000, include_irrelevant=True))
    titles = {(s.source, s.title): one for one in stored for s in one.sightings}
    found = {}
    for outlet in load_outlets():
        for article in outlet.articles:
            if outlet.kind is SourceKind.TELEGRAM:
                found.update(_messages(outlet.name, article, stored))
            elif (outlet.name, article.title) in titles:
                found[article.id] = titles[outlet.name, article.title]
    return {name: database.article(one.id) for name, one in found.items()}


def _messages(source, article, stored):
    """The stories of one message."""
    items = [NUMBERED.sub("", p) for p in article.paragraphs if NUMBERED.match(p)]
    wanted = (
        {f"{article.id}/{n}": text for n, text in enumerate(items, start=1)}
        if items
        else {article.id: article.paragraphs[0]}
    )
    return {
        name: one
        for name, text in wanted.items()
        for one in stored
        if one.source == source and one.text.startswith(text[:60])
    }
