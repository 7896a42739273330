"""What the daemon's log tells of failures."""

from monitor.jobs.told import told_briefly


def test_many_failures_are_one_line():
    """Two hundred failures of many causes are one short line: the frequent ones, counted."""
    failures = [(f"outlet {n}", "HTTP 503" if n < 120 else f"cause {n}") for n in range(200)]
    told = told_briefly(failures)
    assert told.startswith("outlet 0, outlet 1, outlet 2 and 117 more: HTTP 503; outlet 120: ")
    assert told.endswith("76 more for 76 other causes (monitor health)")
    assert len(told) < 1000


def test_few_failures_are_all_told():
    """Where there is room, every source is named."""
    assert told_briefly([("a", "x"), ("b", "y"), ("c", "x")]) == "a, c: x; b: y"


def test_names_cannot_write_to_the_terminal():
    """Line ends, escapes and bidi controls of names and causes are blanked, length is bounded."""
    told = told_briefly([("a\n2026 ERROR\x1b[2J\u202e", "c" * 100_000)])
    assert told.isprintable()
    assert len(told) < 400
