"""What the ledger says of single claims, wherever they are listed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.deliver.ledger.matters import Ledger, ledger_of
from monitor.model import StoredArticle
from monitor.ports import Store

#: Stories whose verdicts are kept in memory meanwhile.
KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A claim's place in the ledger of its story."""

    verdict: str = ""
    #: Why, the gravest first.
    note: str = ""
    #: From whom its telling comes.
    origin: str = ""


#: A claim that no ledger knows.
NOWHERE = Placed()


def placed(ledger: Ledger) -> dict[int, Placed]:
    """By claim: what the ledger says of it."""
    return {
        one.stored.id: Placed(
            verdict=entry.verdict.value, note="; ".join(entry.notes), origin=one.origin.name
        )
        for matter in ledger.matters
        for entry in matter.entries
        for one in entry.side.statements
    }


class Placing:
    """Places claims of whatever stories, which are read once, and no more than some kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, Mapping[int, Placed]] = OrderedDict()

    def of(self, articles: Iterable[StoredArticle]) -> dict[int, Placed]:
        """By claim of these articles: its place among all the figures of its story."""
        listed = list(articles)
        wanted = dict.fromkeys(article.story_id for article in listed if article.claims)
        new = [number for number in wanted if number and number not in self._known]
        for story in self._store.stories_of(new):
            self._known[story.id] = placed(ledger_of(story.articles))
        found = {
            stored.id: self._known[article.story_id].get(stored.id, NOWHERE)
            for article in listed
            if article.story_id in self._known
            for stored in article.claims
        }
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found
