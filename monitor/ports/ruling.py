"""Rules of the users, and what they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.rules import NewRule, Rule, RuleHit, RuleTags


class Rules(Protocol):
    """Rules in all their versions; see `monitor.enrich.rules` for what they mean."""

    def rules(self) -> list[Rule]:
        """The latest version of each, removed ones too, by number."""
        ...

    def acting_rules(self) -> tuple[Rule, ...]:
        """Those that act on what is stored from now on."""
        ...

    def rule_versions(self, rule_id: int) -> list[Rule]:
        """All versions of one, the first first; empty when there is no such rule."""
        ...

    def put_rule(
        self, rule_id: int, new: NewRule, *, who: str, now: datetime, version: int | None = None
    ) -> Rule:
        """
        Keep a rule, checked before, as a new version; 0 = a new rule.

        Args:
            version: that it was based on; None = whatever it is now.

        Raises:
            BadInput: there is no such rule, or another one of that name.
            Outdated: it has another version by now.
        """
        ...

    def rule_counts(self) -> Mapping[int, int]:
        """Rule to the number of articles that it was about."""
        ...

    def put_rule_hits(
        self, article_id: int, hits: Sequence[RuleHit], *, now: datetime
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """
        Keep which rules are about an article, and let its story have their tags.

        A tag that an analyst took off is not put there again; one that no rule gives any more
        goes, unless an analyst has put it there since.

        Returns:
            The tags that came, and those that went.
        """
        ...

    def rule_hits(self, article_ids: Sequence[int]) -> dict[int, list[RuleHit]]:
        """Which rules were about these articles when they were read last."""
        ...

    def rule_tags(self, story_ids: Sequence[int]) -> dict[int, RuleTags]:
        """What rules have put on these stories."""
        ...
