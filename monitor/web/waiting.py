"""
Edited tables between their preview and the reader's word: few, small, and not for long.

What was read of a file waits in memory, bound to the reader who sent it; the file itself is gone
by then. Another upload of the same reader takes the place of the first.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.errors import BadInput
from monitor.review.importing import Edit, Fault

#: How long one waits, how many do, and characters of text in one.
KEPT, MOST, MOST_TEXT = timedelta(minutes=15), 10, 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a reader's file says, until it is confirmed."""

    #: As the reader calls the file.
    name: str
    edits: Sequence[Edit]
    faults: Sequence[Fault]
    #: Rows that nobody edited.
    untouched: int
    #: Columns that are not ours.
    ignored: Sequence[str]
    at: datetime
    #: The form that confirms must bring it, so that what was seen is what is taken.
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))


class Waiting:
    """The uploads of all readers."""

    def __init__(self) -> None:
        self._by_reader: dict[str, Upload] = {}

    def put(self, reader: str, upload: Upload) -> None:
        """
        Keep an upload; the oldest makes room.

        Raises:
            BadInput: it holds more text than is kept.
        """
        if sum(map(_size, upload.edits)) > MOST_TEXT:
            raise BadInput(
                "holds more edits than are kept until you confirm them.",
                subject=upload.name,
                advice="Divide it, or use the terminal: monitor import FILE",
            )
        self._forget(upload.at)
        self._by_reader.pop(reader, None)
        while len(self._by_reader) >= MOST:
            del self._by_reader[next(iter(self._by_reader))]
        self._by_reader[reader] = upload

    def of(self, reader: str, *, now: datetime) -> Upload | None:
        """The reader's upload, if it still waits."""
        self._forget(now)
        return self._by_reader.get(reader)

    def drop(self, reader: str) -> None:
        """Forget it."""
        self._by_reader.pop(reader, None)

    def _forget(self, now: datetime) -> None:
        old = [name for name, one in self._by_reader.items() if now - one.at > KEPT]
        for name in old:
            del self._by_reader[name]


def _size(edit: Edit) -> int:
    tags = (*(edit.tags or ()), *(edit.was.tags if edit.was else ()))
    return len(edit.note) + len(edit.assignee or "") + sum(map(len, tags)) + 200
