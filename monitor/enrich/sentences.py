"""Where the sentences of a text begin and end, and one of them as the grammar reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.enrich.days import Day
from monitor.enrich.reading import Quantity
from monitor.enrich.vocabulary import Hit
from monitor.enrich.wordbook import Wordbook
from monitor.model import Mention

#: Longer ones are cut: no sentence, but a table or an attack.
LONGEST = 1500

#: Where a sentence may end; what follows decides.
_END = re.compile(r"[.!?…।۔؟。！？；\n][\"»”’)]*\s*")
_OPENING = frozenset('"«“‘(„¿¡')
#: Words with a full stop that end no sentence.
_SHORT = re.compile(
    r"(?:(?<!\w)(?:[A-ZА-Я]|тыс|млн|млрд|трлн|руб|тис|грн|дол|долл|ок|г|гг|др|им|ст|Mio|Mrd|Tsd|etc|No|Nr"
    r"|tys|proc|mln|mld|approx|ca|Rs|Rp|St|Dr|Mr|Ms|U\.S|vs|Inc|Corp|Ltd|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug"
    r"|Sep|Sept|Oct|Nov|Dec|zzgl|bzw|art|núm|aprox|mil|cap)|\d)\.$"
)
#: `1. April`: a day, or another ordinal number.
_ORDINAL = re.compile(r"(?<![\d.,])(?<!\w)\d{1,2}$")
#: A number's full stop ends a sentence only before a word with a capital: "in 2025. The".
_CAPITAL_WORD = re.compile(r"[^\W\d_][^\W\d_]{2}")


@dataclass(slots=True)
class Sentence:
    """One sentence, with what is known of it; offsets of all parts are its own."""

    #: Where it stands in the text.
    start: int
    text: str
    #: `folded(text)`.
    lower: str
    language: str
    quantities: Sequence[Quantity]
    #: Minerals, companies, deposits and bodies named in it, in order of place.
    mentions: Sequence[Mention] = ()
    #: Kinds of event that the article tells of.
    events: Sequence[str] = ()
    #: Days told in it; None = not read yet.
    days: Sequence[Day] | None = None
    #: Words by wordbook, found once.
    _words: dict[int, dict[str, list[Hit[str]]]] = field(default_factory=dict)

    def words(self, book: Wordbook, table: str) -> list[Hit[str]]:
        """Words of a table in the sentence, in order of their ends."""
        found = self._words.get(id(book))
        if found is None:
            found = book.scan(self.text, self.lower)
            self._words[id(book)] = found
        return found.get(table, [])


def sentences(text: str) -> list[tuple[int, int]]:
    """Where sentences begin and end, without the white space between them."""
    found, at = [], 0
    for match in [*_END.finditer(text), None]:
        if match is not None and not _ends(text, match):
            continue
        end = match.end() if match else len(text)
        while end - at > LONGEST:
            cut = _cut(text, at)
            found += _bare(text, at, cut)
            at = cut
        found += _bare(text, at, end)
        at = end
    return found


def _bare(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A piece of the text without the white space around it; none where it is all white."""
    piece = text[start:end]
    bare = piece.strip()
    lead = len(piece) - len(piece.lstrip())
    return [(start + lead, start + lead + len(bare))] if bare else []


def _cut(text: str, start: int) -> int:
    """Where an endless sentence is cut: behind a space or a comma, if it has any."""
    end = start + LONGEST
    found = max(text.rfind(sign, start, end) for sign in " ,，、")
    return found + 1 if found > start + LONGEST // 2 else end


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a sentence ends here: not at "млн. т", "U.S. dollars", "3. Oktober"."""
    sign = match[0][0]
    if sign not in ".!?…":
        return True
    if not match[0][-1].isspace():
        return False
    following = text[match.end() : match.end() + 1]
    if not (following.isdigit() or following in _OPENING or _is_capital(following)):
        return False
    if sign != ".":
        return True
    short = _SHORT.search(text, max(0, match.start() - 8), match.start() + 1)
    if short is None:
        return True
    is_number = short[0][0].isdigit()
    if is_number and _ORDINAL.search(text, max(0, match.start() - 4), match.start()):
        return False
    return is_number and following.isupper() and bool(_CAPITAL_WORD.match(text, match.end()))


def _is_capital(char: str) -> bool:
    """A capital, or a letter of a script without any."""
    return char.isalpha() and not char.islower()
