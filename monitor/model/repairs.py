"""What the nightly repair of groups finds and does; see `monitor.repair`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """One step of a repair: an article, with its copies, stands elsewhere now."""

    #: 0 = it was only looked for.
    id: int
    at: datetime
    #: `merge`: its story went into another; `move`: it went into another development of its story.
    action: str
    #: Where it stands now.
    story_id: int
    #: `merge`: the story that went, whose id leads here for ever; `move`: the development it left.
    other_id: int
    article_id: int
    #: The values that decided.
    why: str
    #: JSON values: what was moved, and what the story was before.
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
