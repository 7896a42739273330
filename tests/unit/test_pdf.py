"""Facts about the text of PDF files."""

import contextlib
import time
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from monitor.errors import Permanent
from monitor.extract import extract_page
from monitor.pdf import MOST_CHARS, MOST_PAGES, paragraphs, read_pdf
from tests.unit.pdf_files import assembled, pdf, stream

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://ministry.test/orders/5.pdf"
#: Processor time that a file made to hurt may take (s); measured are at most 7.
MOST_SECONDS = 15.0
LINES = [
    "Order on the export of tungsten",
    "",
    "The sample ministry has decided that the export of tungsten con-",
    "centrate needs a licence from 1 December 2026 on, which is given for",
    "one year. Those who hold one report each month what they sold.",
    "",
    "1. A licence is asked for in writing, with all that belongs to it.",
    "2. It costs nothing.",
    "",
    "- 1 -",
]


def article(body, content_type="application/pdf"):
    """The page that is extracted from a PDF."""
    return extract_page(body, url=URL, content_type=content_type, now=NOW, selectors={})


def locked(body, user, owner="owner"):
    """The same file, encrypted."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    writer.encrypt(user, owner, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_text_title_author_date():
    """Paragraphs are joined over lines and hyphens; what the file says of itself is read."""
    body = pdf(
        LINES, title="Order 5", author="Ministry (sample)", created="D:20261105101500+05'00'"
    )
    found = read_pdf(body)
    assert found.text.split("\n") == [
        "Order on the export of tungsten",
        "The sample ministry has decided that the export of tungsten concentrate needs a licence "
        "from 1 December 2026 on, which is given for one year. Those who hold one report each "
        "month what they sold.",
        "1. A licence is asked for in writing, with all that belongs to it.",
        "2. It costs nothing.",
    ]
    assert (found.title, found.author, found.pages, found.problem) == (
        "Order 5",
        "Ministry (sample)",
        1,
        "",
    )
    assert found.created_at == datetime(2026, 11, 5, 10, 15, tzinfo=timezone(timedelta(hours=5)))


@pytest.mark.parametrize(
    "title", ["", "Microsoft Word - order.doc", "order5_final.docx", "untitled"]
)
def test_a_title_made_by_a_program_is_none(title):
    """Then the first words of the text are the title."""
    assert read_pdf(pdf(LINES, title=title)).title == "Order on the export of tungsten"


def test_a_paragraph_goes_on_over_a_page():
    """The end of a page is no end of a paragraph, and its number is no text."""
    pages = [
        "A line that runs to the margin of the page and goes\n12",
        "on at the top of the next.",
    ]
    assert list(paragraphs(pages)) == [
        "A line that runs to the margin of the page and goes on at the top of the next."
    ]


def test_chinese_lines_join_without_a_space():
    """Scripts without spaces get none."""
    assert list(paragraphs(["商务部决定对钨实施\n出口许可证管理制度"])) == [
        "商务部决定对钨实施出口许可证管理制度"
    ]


def test_a_scan_has_no_text_and_says_so():
    """Pages that are pictures give an empty text with the reason."""
    found = read_pdf(pdf([""], [""], title="Scan"))
    assert (found.title, found.text, found.pages) == ("Scan", "", 2)
    assert found.problem == "it has no text: its pages are pictures (2 pages)"


def test_a_password_is_asked_for_or_not():
    """A file that anybody may open is read although it is encrypted; a locked one is named."""
    assert "tungsten" in read_pdf(locked(pdf(LINES), "")).text
    with pytest.raises(Permanent, match="locked by a password"):
        read_pdf(locked(pdf(LINES), "secret"))


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "not a PDF"),
        (b"<html>", "not a PDF"),
        (b"%PDF-1.4 nothing", "cannot be read"),
        (pdf(LINES)[:200], "cannot be read"),
        (b"%PDF-1.4" + b"\0" * 41_000_000, "more than 40 MB"),
    ],
)
def test_what_is_no_pdf_is_refused(body, cause):
    """Broken, foreign and huge files are named."""
    with pytest.raises(Permanent, match=cause):
        read_pdf(body)


def test_long_files_are_read_in_part():
    """Pages beyond the bound are left out, and that is said."""
    found = read_pdf(pdf(*[["A page of a very long report on ores."]] * (MOST_PAGES + 5)))
    assert found.pages == MOST_PAGES + 5
    assert found.problem == f"only the first {MOST_PAGES} of {MOST_PAGES + 5} pages were read"


def test_a_page_that_cannot_be_read_does_not_cost_the_others():
    """What the other pages say is kept, with a word on the lost one."""
    good = b"BT /F1 11 Tf 60 700 Td (Tungsten is a metal.) Tj ET"
    body = pdf(["a"], ["b"], contents=[good, b"BT " + b"(x) Tj " * 150_000])
    found = read_pdf(body)
    assert (found.text, found.problem) == ("Tungsten is a metal.", "1 of 2 pages cannot be read")


FORM = b"<</Type/XObject/Subtype/Form/Resources<</XObject<</X 12 0 R>>>>/Length 11>>stream\n/X Do /X Do\nendstream"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 11 0 R"
    b"/Resources<</XObject<</X 12 0 R>>>>>>"
)
HOSTILE = {
    "blanks": pdf(["a"], contents=[b" " * 60_000_000], packed=True),
    "words": pdf(["a"], contents=[b"BT " + b"(x) Tj " * 90_000], packed=True),
    "brackets": pdf(["a"], contents=[b"[" * 100_000]),
    "tree": assembled({1: CATALOG, 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>", 4: b"<<>>"}),
    "forms": assembled(
        {
            1: CATALOG,
            2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
            4: b"<<>>",
            10: PAGE,
            11: stream(b"/X Do /X Do"),
            12: FORM,
        }
    ),
    "tables": b"%PDF-1.4\n" + b"xref\n0 1\n" * 50_000,
    "before": pdf(["x"], extra="/Prev 9"),
    "objects": b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n<<>>\nendobj\n" % n for n in range(50_000)),
    "brackets outside": b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000 + b"\ntrailer<</Root 1 0 R>>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_made_to_hurt_end_in_time(name):
    """Bombs, loops and floods are read in part or refused, in bounded time."""
    started = time.process_time()
    try:
        found = read_pdf(HOSTILE[name])
    except Permanent:
        found = None
    assert time.process_time() - started < MOST_SECONDS
    assert found is None or len(found.text) <= MOST_CHARS


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 900), st.binary(min_size=1, max_size=12))
def test_any_damage_is_read_or_refused(place, damage):
    """A file with any bytes overwritten gives what is left or a lasting failure."""
    body = pdf(LINES, title="Order 5", created="D:20261105")
    with contextlib.suppress(Permanent):
        read_pdf(body[:place] + damage + body[place + len(damage) :])


def test_a_pdf_becomes_an_article():
    """A wanted page that is a PDF gives text, title, author and date."""
    found = article(pdf(LINES, title="Order 5", author="A. Sample", created="D:20261105101500Z"))
    assert (found.title, found.authors) == ("Order 5", ("A. Sample",))
    assert found.published_at == datetime(2026, 11, 5, 10, 15, tzinfo=UTC)
    assert found.text.startswith("Order on the export of tungsten\nThe sample ministry")
    assert found.flags == ()


def test_the_declared_type_of_a_pdf_does_not_matter():
    """Its first bytes tell."""
    assert article(pdf(LINES), content_type="text/html").title


def test_a_date_in_the_future_is_none():
    """A creation date that cannot be is no date."""
    assert article(pdf(LINES, created="D:20361105")).published_at is None


def test_a_pdf_without_text_is_no_article():
    """The cause says why, and about what."""
    with pytest.raises(Permanent, match="its pages are pictures") as caught:
        article(pdf([""]))
    assert URL in str(caught.value)


def test_a_part_of_a_pdf_is_truncated():
    """An article of the first pages only is flagged."""
    body = pdf(*[["A page of a very long report on ores and their uses."]] * (MOST_PAGES + 1))
    assert "truncated" in article(body).flags
