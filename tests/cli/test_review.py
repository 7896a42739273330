"""Reviewing one by one: keys at a real terminal, lines from a pipe; groups and their undo."""

import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from monitor.cli.app import cli
from monitor.errors import BadInput
from monitor.model import Choice, Placement
from monitor.store import open_database
from tests.cli.desk import run, told_story
from tests.store.records import hours, stored


@pytest.fixture
def url(tmp_path):
    """The address of a database with two stories: s2 on tin came last."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    database = open_database(address)
    stored(database, "tin", Placement(), title="Tin found", minerals=("tin",), seen_at=hours(8))
    database.close()
    return address


def piped(url, text, *words):
    """What a review says that reads its keys from a pipe."""
    result = CliRunner().invoke(
        cli,
        ["--database", url, "review", "--interactive", "--who", "ann", *words],
        input=text,
        standalone_mode=False,
    )
    assert result.exception is None, result.exception
    return result.output


def story(url, number):
    """A story as scripts see it."""
    (record,) = run(url, "stories", "show", f"s{number}", "--json").records
    return record


class Terminal:
    """The command at a real terminal of its own."""

    def __init__(self, url, *words, term="xterm"):
        self.master, slave = pty.openpty()
        environ = os.environ | {"TERM": term, "COLUMNS": "100"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--database", url, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environ,
            start_new_session=True,
            preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
        )
        os.close(slave)
        self.seen = ""

    def until(self, text):
        """Read until a text is there; what was read since the last time."""
        until = time.monotonic() + 60
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, until - time.monotonic()))
            assert ready, f"no {text!r} in {self.seen!r}"
            try:
                self.seen += os.read(self.master, 4096).decode()
            except OSError:
                assert text in self.seen, self.seen
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys):
        """Press keys."""
        os.write(self.master, keys.encode())

    def ended(self):
        """The exit status."""
        status = self.process.wait(60)
        os.close(self.master)
        return status


def test_keys_at_a_terminal(url):
    """No Enter is needed; a note is typed; Ctrl-C keeps what was decided and says so."""
    screen = Terminal(url, "review", "--interactive", "--who", "ann")
    assert "Tin found" in screen.until("uit > ")
    screen.type("n")
    screen.until("note: ")
    screen.type("ask them\n")
    screen.until("s2 note: ask them")
    screen.until("uit > ")
    screen.type("e")
    screen.until("s2 state: kept")
    assert "Ore sold" in screen.until("uit > ")
    screen.type("\x03")
    screen.until("1 noted, 1 kept.")
    screen.until("Interrupted. What was finished is kept.")
    assert screen.ended() == 130
    assert (story(url, 2)["state"], story(url, 2)["notes"]) == ("kept", ["ask them"])


def test_keys_count_by_their_place(url):
    """With a Russian layout the same keys decide, however fast they are pressed; texts stay."""
    screen = Terminal(url, "review", "--interactive", "--who", "ann")
    screen.until("uit > ")
    screen.type("т")
    screen.until("note: ")
    screen.type("спросить\n")
    screen.until("s2 note: спросить")
    screen.until("uit > ")
    screen.type("Уа")
    screen.until("s2 state: kept")
    screen.until("s1 state: flagged")
    screen.until("1 noted, 1 kept, 1 flagged.")
    assert screen.ended() == 0
    assert "kept" in piped(url, "у\n", "--state", "flagged")


def test_a_dumb_terminal_is_enough(url):
    """No colour, no movement of the cursor: plain lines."""
    screen = Terminal(url, "review", "--interactive", "--mineral", "tin", term="dumb")
    said = screen.until("uit > ")
    screen.type("q")
    said += screen.until("Nothing decided.")
    assert screen.ended() == 0
    assert "\x1b" not in said


def test_colours_are_for_terminals(url):
    """A terminal gets them, a file does not."""
    screen = Terminal(url, "stories")
    assert "\x1b[" in screen.until("Ore sold")
    screen.ended()
    assert "\x1b" not in run(url, "stories").out


def test_lines_from_a_pipe(url):
    """Every key as a line; the end of the input ends the review, with its counts."""
    out = piped(url, "t\nfirst tag\na\nbob\nd\nf\n")
    assert out.count("[q]uit > ") == 4
    assert "No more stories.\n1 tagged, 1 assigned, 1 dismissed, 1 flagged.\n" in out
    second = story(url, 2)
    assert (second["state"], second["tags"], second["assignee"]) == (
        "dismissed",
        ["first tag"],
        "bob",
    )
    assert story(url, 1)["state"] == "flagged"


@pytest.mark.parametrize("text", ["", "n\n", "zz\n"])
def test_the_end_of_the_input_is_no_fault(url, text):
    """Before the first key, within a question, after a key that means nothing."""
    assert piped(url, text).endswith("Nothing decided.\n")
    assert story(url, 2)["state"] == "new"


def test_undo_goes_back_to_the_story(url):
    """The last decision of this sitting; nothing that was decided before it."""
    run(url, "review", "s1", "--note", "old", "--who", "ann")
    out = piped(url, "e\nu\nu\ns\ns\n")
    assert "s2 undone: state: kept" in out
    assert "There is nothing of this sitting to undo." in out
    assert out.endswith("2 skipped.\n")
    assert (story(url, 2)["state"], story(url, 1)["notes"]) == ("new", ["old"])


def test_a_story_is_shown_with_what_counts(url):
    """What is new, figures, disagreement, outlets; whole on demand."""
    out = piped(url, "o\nq\n", "--mineral", "tungsten")
    assert "  new · new, update, contradiction\n" in out
    assert "4 articles by 3 outlets (First Post, Second Post, Третья газета), 2 origins" in out
    assert "  figures: " in out
    assert "  disputed: resource 1.4 Mt WO3 against 410 kt W" in out
    assert "CONTRADICTION on resource" in out
    assert "Tin found" not in out


def test_what_another_decides_meanwhile_is_shown(url):
    """The key is not taken, it is said who did what, and the story comes again."""
    screen = Terminal(url, "review", "--interactive", "--who", "ann")
    assert "Tin found" in screen.until("uit > ")
    database = open_database(url)
    database.decide([Choice(story_id=2, action="state", value="kept")], who="bob", now=hours(9))
    database.close()
    screen.type("d")
    said = screen.until("uit > ")
    assert re.search(r"Not taken: s2 changed meanwhile, .* UTC: bob state: kept\. Here it", said)
    assert "  decided by: bob" in said
    screen.type("sq")
    assert screen.ended() == 0
    assert story(url, 2)["state"] == "kept"


def test_looked_at_is_seen(url):
    """What was decided or passed over is not new any more; the rest is."""
    piped(url, "s\nq\n")
    database = open_database(url)
    lines = database.lines_of([2, 1], reader="ann")
    assert [bool(line.news) for line in lines] == [False, True]
    database.close()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("review", "--interactive", "s1"), "s1: has no meaning with --interactive"),
        (("review", "--interactive", "--json"), "--json: has no meaning"),
        (("review",), "review: no story was named"),
        (("review", "a99", "--not-a-copy"), "a99: there is no such article"),
        (("stories", "merge", "s1", "s99"), "s99: there is no such story"),
        (("stories", "merge", "s1", "s1"), "s1: is that story already"),
        (("stories", "split", "s2", "a5"), "s2: would be left empty"),
        (("stories", "split", "s2", "a1"), "a1: is not in s2"),
    ],
)
def test_what_cannot_be_done_is_said(url, words, what):
    """One line, naming what it is about."""
    with pytest.raises(BadInput, match=what):
        run(url, *words)


def test_stories_are_joined_divided_and_joined_again(url):
    """Merge and split say what became of what, and `review undo` takes each back."""
    assert run(url, "stories", "merge", "s1", "s2", "--who", "ann").out == (
        "s2 is part of s1 now.\n"
    )
    assert len(story(url, 2)["articles"]) == 5
    run(url, "review", "undo", "--who", "ann")
    assert len(story(url, 2)["articles"]) == 1
    out = run(url, "stories", "split", "s1", "a4", "--who", "ann").out
    assert out == "s3 is a story of its own now, taken from s1.\n"
    run(url, "review", "undo", "--who", "ann")
    assert len(story(url, 1)["articles"]) == 4


def test_a_copy_that_is_none(url):
    """`review a2 --not-a-copy` unfolds it, and can be taken back."""
    out = run(url, "review", "a2", "--not-a-copy", "--who", "ann").out
    assert out == "s1  not-a-copy: a1 → a2\n"
    assert "nothing already" in run(url, "review", "a2", "--not-a-copy").err
    assert story(url, 1)["origins"] == 3
    run(url, "review", "undo", "--who", "ann")
    assert story(url, 1)["origins"] == 2


def test_the_table_groups_and_says_what_is_new(url):
    """`monitor stories` alone lists; under headings on demand; what was looked at is not new."""
    out = run(url, "stories").out
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["s2", "s1"]
    assert "new, update, contradiction" in out
    grouped = run(url, "stories", "--by", "mineral").out
    assert re.findall(r"^(\w+)  \(1 story\)$", grouped, re.MULTILINE) == ["tin", "tungsten"]
    assert re.findall(r"^(\S+)  \(", run(url, "stories", "--by", "country").out)[0] == "KZ"
    run(url, "stories", "show", "s1")
    assert "contradiction" not in run(url, "stories").out


def test_only_what_is_open(url):
    """What was decided is left out, also by a source, and in the records for scripts."""
    run(url, "review", "s1", "--dismiss")
    for words in (("--open",), ("--open", "--source", "Ores")):
        assert " s1 " not in f" {run(url, 'stories', *words).out}"
    assert [one["id"] for one in run(url, "stories", "--open", "--json").records] == ["s2"]
    assert [one["id"] for one in run(url, "stories", "--json").records] == ["s2", "s1"]
