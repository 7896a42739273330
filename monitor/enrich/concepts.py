"""What a name stands for, and where the data say so."""

from __future__ import annotations

from typing import NamedTuple

#: Kinds of entity.
KINDS = frozenset({"company", "state_body", "deposit", "exchange"})

#: Classes of mineral: on the critical lists; a base or precious metal; only on official lists,
#: and not looked for in texts (oil, diamonds).
CRITICAL, BASE, LISTED_ONLY = "critical", "base", "listed"
CLASSES = frozenset({CRITICAL, BASE, LISTED_ONLY})


class Concept(NamedTuple):
    """What a name stands for."""

    #: `mineral`, `company`, `state_body`, `deposit`, `exchange`, `country`; `nothing` of phrases
    #: that contain a name and are none.
    kind: str
    id: str
    #: The name means other things too: words of the trade must stand near it.
    is_weak: bool = False
    #: The only language in which the name stands for it; '' = any.
    language: str = ""
    #: Only beside another mineral in a list: "copper, lead and zinc".
    is_listed: bool = False
    #: Words of which one must stand near, and words that must not (`names.csv`).
    needs: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    #: The names may mean something else too, on purpose: they are marked `&`.
    is_shared: bool = False
    #: The form or product that is named, where it is not the mineral at large.
    form: str = ""
    #: The file and the line that name it, and the language of its row.
    file: str = ""
    line: int = 0
    spoken: str = ""
    #: Whether a person has checked the row; None: its file does not say.
    is_reviewed: bool | None = None
