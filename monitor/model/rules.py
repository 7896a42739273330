"""Rules of the users: what articles they are about, what they do, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.news import Enrichment


class RuleAction(StrEnum):
    """What a rule does with an article that it is about."""

    #: Puts a tag on the article's story.
    TAG = "tag"
    #: Adds points to the relevance, or takes them.
    RAISE = "raise"
    LOWER = "lower"
    #: Makes the article irrelevant, whatever its relevance is.
    MUTE = "mute"
    #: Tells a recipient of what happens in the article's story.
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """What a user wants of a rule; see `monitor.enrich.rules` for the language."""

    name: str
    #: `mineral:tungsten AND country:KZ`.
    expression: str
    action: RuleAction
    #: The tag, the points (`0.20`), or the recipient's name; empty for `mute`.
    value: str = ""
    #: A rule that is not active does nothing; a removed one is such.
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(NewRule):
    """One version of a rule; the latest one holds."""

    id: int
    #: From 1.
    version: int
    created_at: datetime
    created_by: str

    @property
    def label(self) -> str:
        """As reasons and the log of decisions name it: `rule r3`."""
        return f"rule r{self.id}"

    @property
    def tag(self) -> str:
        """The tag that it puts on stories: an alert finds its stories by one."""
        if self.action is RuleAction.ALERT:
            return self.label
        return self.value if self.action is RuleAction.TAG else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A rule was about an article."""

    rule_id: int
    version: int
    #: The tag that its story gets; empty = none.
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a rule can ask of an article."""

    title: str
    text: str
    site: str
    url: str
    authors: tuple[str, ...]
    flags: tuple[str, ...]
    published_at: datetime | None
    source_id: int
    #: Name of the source.
    source: str
    #: With the figures of irrelevant articles too; the relevance is that of the words alone.
    said: Enrichment


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTags:
    """What rules have put on a story, and what analysts took off."""

    #: All tags that it has.
    tags: frozenset[str] = frozenset()
    #: Those that a rule put there and nobody has decided on since.
    by_rules: frozenset[str] = frozenset()
    #: Those that an analyst took off: no rule puts them there again.
    refused: frozenset[str] = frozenset()
    #: Relevant article to the tags that rules give it.
    carriers: Mapping[int, frozenset[str]] = field(default_factory=dict)
