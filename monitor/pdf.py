"""
The text of a PDF file, within bounds.

pypdf is pure Python: what it reads cannot take the process along, but a file can be made to cost
it any time. So pages, characters, unpacked bytes and drawing commands are bounded, and the clock
is looked at between pages. Pictures are never read: a scanned document has no text.
"""

from __future__ import annotations

import io
import logging
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, PyPdfError

from monitor.errors import Permanent

#: Larger files are not opened (bytes).
MOST_BYTES = 40_000_000
#: Pages read, and characters kept.
MOST_PAGES, MOST_CHARS = 200, 400_000
#: Seconds after which no further page is begun.
MOST_SECONDS = 6.0
#: Bytes that a stream may have once unpacked, and drawing commands in one page.
_MOST_STREAM, _MOST_COMMANDS = 12_000_000, 200_000
#: Objects looked at to mend a file that has lost its table of contents.
_MOST_RECOVERED = 2000

#: What broken files make pypdf raise besides its own errors; it says so itself.
_BROKEN = (
    PyPdfError,
    DependencyError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    ArithmeticError,
    RecursionError,
    OSError,
    EOFError,
)

_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_BULLET = re.compile(r"^(?:[•·▪■□–—*]|\(?\d{1,3}[.)]|\(?[a-zа-я]\))\s", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…:;。！？；][\"'»”’)\]]*$")
_HYPHEN = re.compile(r"([^\W\d_])[-\u2010]$")
_PAGE_NUMBER = re.compile(
    r"^[-–—\s]*(?:page|стр\.?|seite|página)?\s*\d{1,4}(?:\s*(?:/|of|из|von|de)\s*\d{1,4})?[-–—\s]*$",
    re.IGNORECASE,
)
#: Titles that a program made.
_NO_TITLE = re.compile(
    r"^(?:untitled|document\d*|microsoft (?:word|powerpoint|excel)\b.*|без имени.*|"
    r"\S+\.(?:docx?|pdf|pptx?|xlsx?|rtf|odt|indd|qxp|tmp))$",
    re.IGNORECASE,
)
#: Share of the longest lines from which a line runs to the margin.
_FULL = 0.75

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """What was read of a PDF file."""

    title: str = ""
    #: Paragraphs parted by newlines; empty when it has no text.
    text: str = ""
    author: str = ""
    #: As its producer wrote it, in its own offset; None when it does not say.
    created_at: datetime | None = None
    #: How many pages it has.
    pages: int = 0
    #: Why there is no text, or less than the whole, in words; empty when it was read whole.
    problem: str = ""


def read_pdf(body: bytes) -> Pdf:
    """
    Title, text, author and date of a PDF file.

    Args:
        body: as it came.

    Raises:
        Permanent: it is no PDF, broken, locked by a password, or larger than can be read.
    """
    if b"%PDF-" not in body[:1024]:
        raise Permanent("not a PDF")
    if len(body) > MOST_BYTES:
        raise Permanent(f"a PDF of more than {MOST_BYTES // 1_000_000} MB")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with apply_configuration(
        zlib_maximum_output_length=_MOST_STREAM,
        lzw_maximum_output_length=_MOST_STREAM,
        run_length_maximum_output_length=_MOST_STREAM,
        array_based_stream_maximum_output_length=_MOST_STREAM,
        zlib_maximum_recovery_input_length=1_000_000,
        stream_decoding_work_maximum_length=4 * _MOST_STREAM,
        stream_parsing_work_maximum_count=_MOST_COMMANDS,
        xform_maximum_invocations_per_extraction=200,
        page_tree_maximum_entries=20_000,
        page_tree_maximum_page_entries=200_000,
        jbig2dec_binary=None,
        disable_legacy_handling=True,
    ):
        try:
            return _read(body)
        except _BROKEN as error:
            log.debug("a PDF that cannot be read", exc_info=error)
            raise Permanent(f"a PDF that cannot be read: {_why(error)}") from error


def _read(body: bytes) -> Pdf:
    started = time.monotonic()
    reader = PdfReader(io.BytesIO(body), root_object_recovery_limit=_MOST_RECOVERED)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise Permanent("a PDF that is locked by a password")
    count = len(reader.pages)
    texts: list[str] = []
    problem = ""
    lost = 0
    for number in range(min(count, MOST_PAGES)):
        if sum(map(len, texts)) > MOST_CHARS or time.monotonic() - started > MOST_SECONDS:
            problem = f"only the first {number} of {count} pages were read"
            break
        try:
            texts.append(_page_text(reader.pages[number]))
        except _BROKEN as error:
            log.debug("a page of a PDF cannot be read", exc_info=error)
            lost += 1
    else:
        if count > MOST_PAGES:
            problem = f"only the first {MOST_PAGES} of {count} pages were read"
    text = "\n".join(paragraphs(texts))[:MOST_CHARS]
    title, author, created_at = _said(reader)
    if not text:
        what = "its pages cannot be read" if lost else "it has no text: its pages are pictures"
        problem = f"{what} ({count} page{'' if count == 1 else 's'})"
    elif lost and not problem:
        problem = f"{lost} of {count} pages cannot be read"
    return Pdf(
        title=title or _first_words(text),
        text=text,
        author=author,
        created_at=created_at,
        pages=count,
        problem=problem,
    )


def _page_text(page: PageObject) -> str:
    return str(page.extract_text(orientations=(0, 90, 270)))


def _said(reader: PdfReader) -> tuple[str, str, datetime | None]:
    """Title, author and date as the file states them, as far as they can be believed."""
    try:
        said = reader.metadata
        if said is None:
            return "", "", None
        title, author = _flat(said.title), _flat(said.author)
    except _BROKEN:
        return "", "", None
    try:
        created_at = said.creation_date
    except _BROKEN:
        created_at = None
    if created_at is not None and created_at.tzinfo is None:
        created_at = created_at.replace(tzinfo=UTC)
    return "" if _NO_TITLE.match(title) else title[:300], author[:200], created_at


def paragraphs(pages: Sequence[str]) -> Iterator[str]:
    """
    The paragraphs of a text that was laid out in lines, page by page.

    A line that runs to the margin goes on in the next one, over the end of a page too, unless
    it ends a sentence and the next is set apart. A hyphen at its end that parts a word goes.
    """
    lines = [line for page in pages for line in _lines(page)]
    widths = sorted((len(line) for line in lines if line), reverse=True)
    full = _FULL * widths[len(widths) // 10] if widths else 0
    held: list[str] = []
    for line in lines:
        if held and (not line or not _goes_on(held[-1], line, full)):
            yield "".join(held)
            held = []
        if held:
            held[-1:] = _joined(held[-1], line)
        elif line:
            held = [line]
    if held:
        yield "".join(held)


def _lines(page: str) -> Iterator[str]:
    """The lines of a page, squeezed, without its number; '' for an empty one."""
    lines = [_flat(line) for line in page.splitlines()]
    while lines and (not lines[-1] or _PAGE_NUMBER.match(lines[-1])):
        del lines[-1]
    while lines and (not lines[0] or _PAGE_NUMBER.match(lines[0])):
        del lines[0]
    return iter(lines)


def _goes_on(last: str, line: str, full: float) -> bool:
    """Whether `line` continues the paragraph whose last line is `last`."""
    if _BULLET.match(line):
        return False
    if _HYPHEN.search(last[-2:]) and line[:1].islower():
        return True
    if len(last) < full:
        return False
    is_end = _ENDS.search(last[-8:]) and line[:1].isupper()
    return not is_end or len(last) >= full / _FULL


def _joined(last: str, line: str) -> tuple[str, str]:
    """Both lines, with what must stand between them; the hyphen that parts a word goes."""
    if _HYPHEN.search(last[-2:]) and line[:1].islower():
        return last[:-1], line
    is_wide = _WIDE.match(last[-1:]) and _WIDE.match(line[:1])
    return (last if is_wide else f"{last} "), line


def _first_words(text: str) -> str:
    """The first paragraphs that a title is made of: short ones, until something is said."""
    for line in text.split("\n")[:5]:
        if sum(c.isalpha() for c in line) >= 8:
            return line[:200].rsplit(" ", 1)[0] if len(line) > 200 else line
    return ""


def _flat(text: object) -> str:
    """Words on one line, ligatures undone."""
    return " ".join(_LIGATURE.sub(_letters, _UNFIT.sub("", str(text or ""))).split())


def _letters(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _why(error: BaseException) -> str:
    """In words for a person; what pypdf says is for programmers."""
    if isinstance(error, DependencyError):
        return "it is encrypted in a way that is not supported"
    name = type(error).__name__
    return "it goes beyond our limits" if "Limit" in name or name == "RecursionError" else "broken"
