"""The demo, run once by its command: what the issue promises of it holds."""

import shutil
import signal
import subprocess
import sys

from rich.cells import cell_len

from monitor.cli.demo import result
from monitor.cli.demo_screen import LINES, WIDTH, screen
from monitor.demo.content import BUNDLED, load_outlets
from monitor.model import Filter, Outcome
from monitor.store import open_database
from tests.demo.labels import TRUTH

OUTLETS = load_outlets()
REFUSING = {outlet.name for outlet in OUTLETS if outlet.refuses}
SLOW = next(outlet.name for outlet in OUTLETS if outlet.delay_s)


def polls(database, name):
    """Both polls of a source, the latest first."""
    return database.polls(database.source_by(name).id, limit=2)


def test_dead_and_blocked_sources_are_named_with_their_cause(demo):
    """The two that cannot be read say why, in both crawls."""
    record, _ = demo
    causes = {
        "Metals Premium Desk": "HTTP 403: a bot wall (of an unknown maker) keeps us out; "
        "ask the publisher for access",
        "Old Mine Herald": "HTTP 410: removed for good",
    }
    for crawl in ("first", "second"):
        assert {f["source"]: f["cause"] for f in record[crawl]["failures"]} == causes


def test_all_other_sources_finish(demo):
    """Every source but the two was read on both days."""
    _, database = demo
    outcomes = {
        outlet.name: [poll.outcome.is_success for poll in polls(database, outlet.name)]
        for outlet in OUTLETS
        if outlet.name not in REFUSING
    }
    assert outcomes == {name: [True, True] for name in outcomes}


def test_every_article_of_the_content_is_stored(told):
    """Nothing that an outlet published is missing, in any dialect, encoding or layout."""
    labelled = {a for d in TRUTH["development"].values() for a in d["articles"]}
    labelled |= set(TRUTH["irrelevant"]["articles"])
    assert labelled - told.keys() == set()
    assert told.keys() - labelled == set()


def test_each_article_has_its_last_words(told):
    """The stored text goes on to the end of the article, in any layout."""
    for outlet in OUTLETS:
        for article in outlet.articles:
            if outlet.scope == "dedicated" and outlet.kind != "telegram":
                text = " ".join(told[article.id].text.split())
                assert article.paragraphs[-1][-30:] in text or article.edits, article.id


def test_the_slow_host_finishes_and_holds_up_nobody(demo):
    """It took its two seconds, and everyone else had been read before it."""
    _, database = demo
    first = polls(database, SLOW)[1]
    assert first.elapsed_s >= 2.0
    assert first.outcome is Outcome.OK
    others = [polls(database, o.name)[1] for o in OUTLETS if o.name not in {SLOW, *REFUSING}]
    assert max(poll.started_at for poll in others) < first.started_at


def test_the_message_of_several_stories_is_split(told):
    """Each story of the digest is an article; they share one message."""
    parts = [told[f"tg-digest/{n}"] for n in range(1, 5)]
    assert len({part.id for part in parts}) == 4
    assert len({sighting.guid for part in parts for sighting in part.sightings}) == 1


def test_the_second_crawl_adds_only_what_changed(demo):
    """New are the second day's articles, updated is the edited one."""
    record, _ = demo
    late = [a for o in OUTLETS for a in o.articles if a.day == 2]
    edited = [a for o in OUTLETS for a in o.articles if a.edits]
    second = record["second"]
    assert (second["entries"]["new"], second["entries"]["updated"]) == (len(late), len(edited))
    assert second["articles"] == {"new": len(late), "updated": len(edited)}
    silent = [
        o for o in OUTLETS if not o.refuses and all(a.day == 1 and not a.edits for a in o.articles)
    ]
    assert second["sources"]["not_modified"] == len(silent)


def test_the_edited_article_keeps_both_texts(told):
    """The words before and after the correction stay readable."""
    edits = {a.id: a.edits for o in OUTLETS for a in o.articles if a.edits}
    for name, changes in edits.items():
        first, last = told[name].revisions
        for change in changes:
            assert change.find in first.text
            assert change.put in last.text


def test_the_edited_article_shows_both_figures(told):
    """Figures of the first text are kept as superseded, those of the last are current."""
    for label in TRUTH["edited"]:
        claims = told[label["article"]].claims
        for key, is_current in (("before", False), ("after", True)):
            found = {(c.claim.kind, c.claim.value, c.claim.unit) for c in claims
                     if c.is_current == is_current}  # fmt: skip
            assert {tuple(figure) for figure in label[key]} <= found


def test_the_result_fits_one_screen_and_shows_what_matters(demo):
    """At most 39 lines of 100 columns: failures, copies, the correction, the next steps."""
    record, database = demo
    lines = screen(result(record["first"], record["second"], database, kept=""))
    shown = "\n".join(lines)
    assert len(lines) <= LINES
    assert max(cell_len(line) for line in lines) <= WIDTH
    for words in (
        "Metals Premium Desk: HTTP 403",
        "Old Mine Herald: HTTP 410",
        f"slow         {SLOW}: ",
        "one message told 4 stories",
        "copied by",
        "CORRECTED by Battery Belt News",
        "monitor init",
    ):
        assert words in shown, shown


def test_another_content_gives_another_result(tmp_path, run_demo):
    """Deleted articles are gone from the result, and changed figures change it."""
    content, kept = tmp_path / "content", tmp_path / "kept"
    content.mkdir()
    for name in ("steppe-wire", "orecast", "capital-courier"):
        shutil.copy(BUNDLED / f"{name}.toml", content)
    wire = content / "steppe-wire.toml"
    text = wire.read_text(encoding="utf-8").replace("a 70% stake", "a 65% stake")
    wire.write_text(text, encoding="utf-8")
    courier = content / "capital-courier.toml"
    text = courier.read_text(encoding="utf-8")
    start, end = (
        text.index('[[article]]\nid = "cc-cove"'),
        text.index('[[article]]\nid = "cc-list"'),
    )
    courier.write_text(text[:start] + text[end:], encoding="utf-8")
    record = run_demo("--json", "--keep", str(kept), "--content", str(content))
    expected = sum(len(outlet.articles) for outlet in load_outlets(content))
    database = open_database(f"sqlite:///{kept}/demo.sqlite", create=False)
    articles = database.articles(Filter(limit=1000, include_irrelevant=True))
    database.close()
    assert record["counts"]["articles"] == expected == len(articles)
    by_title = {article.title: article for article in articles}
    assert "US firm and Kazakhstan team up on tungsten mines" not in by_title
    stakes = {
        c.claim.value
        for c in by_title["Cove Capital to take 70% of Kazakh tungsten venture with Tau-Ken Samruk"].claims
        if c.claim.kind == "stake"
    }  # fmt: skip
    assert {70, 65, 30} == stakes


def test_an_interrupted_demo_ends_cleanly(tmp_path):
    """Ctrl-C ends it with 130 and without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "demo", "--keep", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=30)
    assert "day 1" in said
    assert process.returncode == 130, rest
    assert "Traceback" not in rest, rest


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """A file in the place of the folder is refused before anything is crawled."""
    (tmp_path / "taken").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--keep", str(tmp_path / "taken" / "below")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
