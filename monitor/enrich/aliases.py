"""
The names in a row of the data, with what is marked on them.

    de:Blei     counts in German texts only
    list:lead   counts only beside another mineral in a list
    &NdPr       means something else too, on purpose
    -Cove       in a user's file: our name that shall not count
    запас*      any ending of one word; `~` a case ending of Russian or Kazakh

There are no regular expressions, which could take for ever: `*` and `~` are all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.enrich.concepts import KINDS, Concept
from monitor.enrich.endings import inflected
from monitor.enrich.tables import Row, names_of
from monitor.enrich.vocabulary import Name, folded, is_ideograph

#: Tag of names that stand for a mineral only in a list of minerals.
LISTED = "list"

#: Word among the needs of a name: any word of the trade, more than of other worlds.
TRADE = "trade"

#: Letters and ideographs from which a name without needs counts in texts of any language.
TELLING_LETTERS, TELLING_IDEOGRAPHS = 7, 3

#: Longest name, most wild cards in one, and the fewest letters before one.
MOST_CHARS, MOST_WILD, LEAST_LETTERS = 200, 6, 2

_PLAIN = re.compile(r"[^\x00-\x1f*~\\\[\]^|{}?+$]{2,199}\*?|[^\x00-\x7f]")
_REGULAR = re.compile(r"[\\\[\]^|{}]|[.)][*+]|\(\?|\$$")
_BESIDE = re.compile(r"[*~]\s*[*~]")


@dataclass(frozen=True, slots=True)
class Removal:
    """A name of ours that a user does not want."""

    kind: str
    id: str
    #: `folded`, with its wild cards.
    name: str
    language: str
    row: Row


@dataclass(slots=True)
class Aliases:
    """All names that were read, and what is to go of them."""

    names: list[Name[Concept]] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)

    def add(self, row: Row, kind: str, key: str) -> None:
        """
        The names of a row of minerals, entities or countries.

        Raises:
            BadInput: a name cannot be looked for; the message names file and row.
        """
        for column, is_weak in (("names", False), ("weak_names", True)):
            found: dict[tuple[str, bool], Concept] = {}
            for written in names_of(row[column]):
                if written[0] == "-":
                    self._remove(row, kind, key, written)
                    continue
                is_shared = written[0] == "&"
                tag, name = _tagged(written[is_shared:])
                check(row, written, name)
                concept = found.get((tag, is_shared))
                if concept is None:
                    concept = _concept(row, kind, key, tag, is_weak, is_shared)
                    found[(tag, is_shared)] = concept
                self._add(name, concept)

    def add_mineral(self, row: Row) -> None:
        """
        The names of a row of `names.csv`, which count in texts of its language.

        Raises:
            BadInput: as for `add`.
        """
        needs, never = frozenset(names_of(row["needs"])), frozenset(names_of(row["never"]))
        found: dict[tuple[bool, bool], Concept] = {}
        for written in names_of(row["names"]):
            if written[0] == "-":
                self._remove(row, "mineral", row["mineral"], written, row["language"])
                continue
            is_shared = written[0] == "&"
            name = written[1:] if is_shared else written
            check(row, written, name)
            is_anywhere = not needs and _is_telling(name)
            concept = found.get((is_anywhere, is_shared))
            if concept is None:
                concept = found[(is_anywhere, is_shared)] = Concept(
                    "mineral",
                    row["mineral"],
                    is_weak=TRADE in needs,
                    language="" if is_anywhere else row["language"],
                    needs=needs - {TRADE},
                    never=never,
                    is_shared=is_shared,
                    form=row["form"],
                    file=row.file,
                    line=row.line,
                    spoken=row["language"],
                    is_reviewed=row["reviewed"] == "yes",
                )
            self.names.append(Name(name, concept, language=concept.language))

    def add_country(self, row: Row) -> None:
        """
        The name of a row of `country_names.csv`, which counts in texts of its language.

        Raises:
            BadInput: as for `add`.
        """
        language, written = row["language"], row["name"]
        if written[:1] == "-":
            self._remove(row, "country", row["code"], written, language)
            return
        name = written.removeprefix("&")
        check(row, written, name)
        concept = Concept(
            "country",
            row["code"],
            language=language,
            is_shared=name != written,
            file=row.file,
            line=row.line,
            spoken=language,
        )
        self.names.append(Name(name, concept, is_proper=True, language=concept.language))

    def kept(self) -> list[Name[Concept]]:
        """
        The names without those that the user removed.

        Raises:
            BadInput: there is no such name to remove.
        """
        if not self.removals:
            return self.names
        spelled = [folded(name.written) for name in self.names]
        gone: set[int] = set()
        for removal in self.removals:
            hits = {
                number
                for number, name in enumerate(self.names)
                if (name.meaning.kind, name.meaning.id) == (removal.kind, removal.id)
                and spelled[number] in {removal.name, folded(inflected(removal.name))}
                and removal.language in {"", name.meaning.spoken}
            }
            if not hits:
                raise removal.row.fault(f"{removal.id!r} has no name {removal.name!r} to remove")
            gone |= hits
        return [name for number, name in enumerate(self.names) if number not in gone]

    def _add(self, name: str, concept: Concept) -> None:
        is_inflected = concept.kind in KINDS and not name.endswith("*")
        shown = inflected(name) if is_inflected else name
        self.names.append(
            Name(shown, concept, is_proper=concept.kind != "mineral", language=concept.language)
        )

    def _remove(self, row: Row, kind: str, key: str, written: str, language: str = "") -> None:
        _, name = _tagged(written[1:].strip())
        check(row, written, name)
        self.removals.append(Removal(kind, key, folded(name), language, row))


def check(row: Row, written: str, name: str) -> None:
    """
    Refuse what cannot be looked for.

    Raises:
        BadInput: it has no letters, or wild cards that fit everything.
    """
    if _PLAIN.fullmatch(name):
        return
    if what := _fault(name):
        raise row.fault(f"name {written[:MOST_CHARS]!r} {what}")


def _fault(name: str) -> str:
    if not name.strip("*~ "):
        return "has no letters"
    if len(name) > MOST_CHARS:
        return f"has more than {MOST_CHARS} characters"
    if not name.isprintable():
        return "holds a control character"
    if _REGULAR.search(name):
        return "looks like a regular expression; write * for any ending of a word"
    if name.count("*") + name.count("~") > MOST_WILD:
        return f"has more than {MOST_WILD} wild cards"
    if _BESIDE.search(name):
        return "has two wild cards side by side"
    begin = re.split("[*~]", name, maxsplit=1)[0].strip()
    is_cut = begin != name and not any(is_ideograph(char) for char in begin)
    if is_cut and len(begin) < LEAST_LETTERS:
        return "would fit almost every word: more letters before the wild card"
    return ""


def _concept(row: Row, kind: str, key: str, tag: str, is_weak: bool, is_shared: bool) -> Concept:
    return Concept(
        kind,
        key,
        is_weak=is_weak and tag != LISTED,
        language="" if tag == LISTED else tag,
        is_listed=tag == LISTED,
        is_shared=is_shared,
        file=row.file,
        line=row.line,
        spoken="" if tag == LISTED else tag,
    )


def _tagged(written: str) -> tuple[str, str]:
    """The tag of a name and the name: `de:Blei`, `list:lead`; most have none."""
    tag, colon, name = written.partition(":")
    is_tag = bool(colon) and (tag == LISTED or (len(tag) == len("de") and tag.islower()))
    return (tag, name) if is_tag else ("", written)


def _is_telling(name: str) -> bool:
    """Whether a name is long enough to be no word of another language by chance."""
    return len(name) >= (TELLING_IDEOGRAPHS if is_ideograph(name[0]) else TELLING_LETTERS)


def plain_names(cell: str) -> Iterator[str]:
    """The names of a cell without their marks, tags and wild cards, for people."""
    for written in names_of(cell):
        if written[0] != "-":
            yield _tagged(written.removeprefix("&"))[1]
