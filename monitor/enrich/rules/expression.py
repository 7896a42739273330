"""An expression as a tree, and the tree as text again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

#: A value that needs no quotes. Words of the language do, and what could begin a comparison.
BARE = re.compile(r"[^\s()\"\\:~<>=!]+")

#: Words that join terms, in any case.
JOINING = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked of an article: `mineral:tungsten`, `claim.value>50`."""

    field: str
    #: `:`, `~`, `=`, `<`, `<=`, `>`, `>=`.
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of these holds."""

    parts: tuple[Node, ...]


Node: TypeAlias = "Term | Not | And | Or"


def printed(node: Node) -> str:
    """The expression in its plainest form; parsing it gives the same tree."""
    match node:
        case Term():
            return f"{node.field}{node.operator}{_value(node.value)}"
        case Not():
            return f"NOT {_within(node.part)}"
        case And():
            return " AND ".join(map(_within, node.parts))
        case Or():
            return " OR ".join(map(printed, node.parts))


def _within(node: Node) -> str:
    text = printed(node)
    return f"({text})" if isinstance(node, And | Or) else text


def _value(text: str) -> str:
    if BARE.fullmatch(text) and text.lower() not in JOINING:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
