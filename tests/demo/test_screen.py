"""The screen holds its width and says what there is, even when that is nothing."""

import pytest
from rich.cells import cell_len

from monitor.cli.demo_screen import LINES, WIDTH, Result, fitted, screen


def crawl(**failures: str):
    """What a crawl that found nothing counts."""
    return {
        "sources": {"polled": 2, "ok": 0, "not_modified": 0, "failed": len(failures)},
        "entries": {"seen": 0, "new": 0, "updated": 0},
        "articles": {"new": 0, "updated": 0},
        "copies": 0,
        "stories": {"new": 0, "updated": 0},
        "claims": 0,
        "failures": [{"source": name, "cause": cause} for name, cause in failures.items()],
        "seconds": 0.1,
    }


@pytest.mark.parametrize("text", ["a" * 300, "钨" * 120, "钨a" * 90, "a" * 99 + "钨"])
def test_no_line_is_wider_than_the_screen(text):
    """Latin letters take one column, ideographs two; what is cut is marked."""
    line = fitted(text)
    assert WIDTH - 3 <= cell_len(line) <= WIDTH
    assert line.endswith("…")


def test_a_line_that_fits_stays_as_it_is():
    """Columns of a table are not collapsed."""
    assert fitted("  a      1") == "  a      1"


def test_control_characters_of_strangers_do_no_harm():
    """Escapes, turning characters and line breaks never reach the terminal."""
    assert fitted("a\x1b[31mb\u202ec\nd") == "a\ufffd[31mb\ufffdc d"


def test_nothing_found_is_said_without_a_story():
    """When every source fails the screen names them and still tells what to do next."""
    failed = crawl(one="HTTP 403", two="HTTP 410")
    empty = Result(first=failed, second=failed, stories=(), articles=(), waits_s={}, languages=())
    lines = screen(empty)
    assert len(lines) <= LINES
    assert "not read     one: HTTP 403" in lines
    assert "not read     two: HTTP 410" in lines
    assert lines[-1].startswith("The real web: monitor init")


def test_a_kept_database_is_named():
    """With a folder the next step is to look around in it."""
    quiet = crawl()
    kept = Result(
        first=quiet,
        second=quiet,
        stories=(),
        articles=(),
        waits_s={},
        languages=(),
        kept="d.sqlite",
    )
    assert "Look around:  monitor --database sqlite:///d.sqlite stories list" in screen(kept)
