"""What an analyst does in the terminal: look, search, decide, take back, hand on."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest
from click.shell_completion import ShellComplete

from monitor.cli.app import cli
from monitor.errors import BadInput
from monitor.model import Outcome
from monitor.store import open_database
from tests.cli.desk import SAME, run, told_story
from tests.store.records import hours, poll, source, stored


@pytest.fixture
def url(tmp_path):
    """The address of a database that holds one story."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    return address


def blocked_source(url):
    """A source that answered once and refused twice."""
    database = open_database(url)
    number, _ = database.add_source(source("Shut", "https://shut.example/feed"), now=hours(0))
    database.commit_poll(poll(number, at=hours(0)))
    for hour in (1, 2):
        at = hours(hour).replace(microsecond=0)
        database.commit_poll(poll(number, outcome=Outcome.BLOCKED, cause="HTTP 403", at=at))
    database.close()


def test_one_story_is_one_line(url):
    """Four articles of one matter are one line with its outlets, tellings and languages."""
    answer = run(url, "stories", "list")
    assert answer.status == 0
    (line,) = [line for line in answer.out.splitlines() if line.startswith("s")]
    assert line.split()[-5:] == ["3", "2", "en", "ru", "tungsten"]


def test_a_story_shows_copies_figures_and_disagreement(url):
    """Copies folded with their share, every figure with its quote, and where two disagree."""
    out = run(url, "stories", "show", "s1").out
    assert "4 articles by 3 outlets in en, ru: 2 origins, 1 copy; 2 developments" in out
    assert "first told  2026-03-02 09:00 UTC by First Post (a1)" in out
    assert "      copy 93%  a2 2026-03-02 09:00  Second Post\n" in out
    assert "  resource 1.4 Mt WO3  (2 outlets: First Post, Second Post)\n" in out
    assert "  resource 410 kt W  (Третья газета)\n      “Ore sold”\n" in out
    assert "CONTRADICTION on resource: 1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7" in out
    assert "      first with resource 410 kt W\n" in out
    assert out.count("UPDATE") == 1


def test_a_story_names_the_links_of_its_originals(url):
    """Each telling stands with its address; a copy has none of its own on this screen."""
    out = run(url, "stories", "show", "s1").out
    assert [line.strip() for line in out.splitlines() if "https" in line] == [
        "https://ores.example/first",
        "https://ores.example/other",
        "https://ores.example/closing",
    ]


def test_a_story_as_json_keeps_its_contract(url):
    """Outside programs rely on these names."""
    (record,) = run(url, "stories", "show", "s1", "--json").records
    assert record["outlets"] == ["First Post", "Second Post", "Третья газета"]
    assert (record["origins"], record["languages"]) == (2, ["en", "ru"])
    assert record["contradictions"][0]["verdict"] == "contradiction"
    assert record["developments"] == ["d1", "d2"]


def test_a_story_is_drawn(url, tmp_path):
    """The picture is well-formed SVG that names outlets, copies and the contradiction."""
    target = tmp_path / "story.svg"
    run(url, "stories", "show", "s1", "--picture", str(target))
    words = " ".join(ET.fromstring(target.read_text(encoding="utf-8")).itertext())
    assert "First Post: Ore sold" in words
    assert "Second Post 93%" in words
    assert "Contradiction: resource 1.4 Mt WO3 against 410 kt W" in words


def test_an_unknown_story_is_named(url):
    """The error says which one and where to look."""
    with pytest.raises(BadInput, match=r"^s99: there is no such story\. See: monitor stories list"):
        run(url, "stories", "show", "s99")


def test_an_article_explains_its_fold_and_undoes_it(url):
    """The reason of a fold is shown; `--not-a-copy` takes it back for good."""
    out = run(url, "articles", "show", "a2").out
    assert "folded under a1 as its copy: 93 % of its text is in a1" in out
    assert "if that is wrong: monitor articles show a2 --not-a-copy" in out
    run(url, "articles", "show", "a2", "--not-a-copy")
    (record,) = run(url, "articles", "show", "a2", "--json").records
    assert record["copy_of"] is None
    assert "nothing to undo" in run(url, "articles", "show", "a2", "--not-a-copy").err


def test_search_finds_words_and_never_fails(url):
    """Odd syntax is searched for literally."""
    assert run(url, "search", "рудник", "--json").records[0]["article"] == "a3"
    assert run(url, "search", '"AND (NEAR*').status == 0


def test_decisions_are_logged_and_undone(url):
    """A decision changes the state; undo takes it back; the log keeps both."""
    run(url, "review", "s1", "--keep", "--note", "ask Astana", "--who", "desk")
    (kept,) = run(url, "stories", "show", "s1", "--json").records
    assert (kept["state"], kept["notes"]) == ("kept", ["ask Astana"])
    run(url, "review", "undo", "--who", "desk")
    run(url, "review", "undo", "--who", "desk")
    (undone,) = run(url, "stories", "show", "s1", "--json").records
    assert (undone["state"], undone["notes"]) == ("new", [])
    log = run(url, "review", "s1", "--json").records
    assert [entry["action"] for entry in log] == ["state", "note", "undo", "undo"]
    assert [entry["undone"] for entry in log] == [True, True, False, False]


def test_undo_without_decisions_says_so(url):
    """Nothing to undo is no error."""
    answer = run(url, "review", "undo")
    assert answer.status == 0
    assert re.fullmatch(r"There is nothing of \S+ to undo\.\n", answer.err)


def test_a_digest_holds_what_changed_since_the_last(url):
    """The second digest has nothing to tell; a peek is not remembered."""
    first = run(url, "digest", "--peek").out
    assert "1 story so far: 1 new." in first
    assert "## Tungsten\n\n### s1 Ore sold\n\n**new** · tungsten\n" in first
    assert "**contradiction**, resource: 1.4 Mt WO3 against 410 kt W" in first
    assert "### s1 " in run(url, "digest").out
    assert "Nothing changed since " in run(url, "digest").out


def test_a_digest_says_what_is_new_in_a_known_story(url):
    """A later development is an update with its telling, not a new story."""
    since = f"{hours(1):%Y-%m-%dT%H:%M:%SZ}"
    out = run(url, "digest", "--peek", "--since", since).out
    assert "**update: a further development, d2, Sale closed; 1 more article**" in out
    assert "- First Post: Sale closed <https://ores.example/closing>" in out
    (record,) = run(url, "digest", "--peek", "--since", since, "--json").records
    assert record["change"] == {
        "kind": "update",
        "developments": ["d2"],
        "articles": ["a4"],
        "edited": [],
    }


def test_a_digest_says_what_it_does_not_show(url):
    """Stories beyond the limit are counted, with the command that shows them."""
    database = open_database(url)
    stored(database, "elsewhere", site="First Post", title="Tin found", minerals=("tin",))
    stored(database, "nowhere", site="First Post", title="Zinc found", minerals=("zinc",))
    database.close()
    out = run(url, "digest", "--peek", "--limit", "1").out
    assert "**2 more stories are not shown**: `monitor digest --since 1990-01-01 --limit 3" in out


def test_a_digest_names_the_sources_that_need_a_person(url):
    """Which, since when, why, and what to do."""
    blocked_source(url)
    out = run(url, "digest", "--peek").out
    assert "## Sources that need a person\n\n" in out
    assert "\n- blocked: Shut (2), since 2026-03-02 10:00 UTC: HTTP 403. Ask the" in out


def test_health_says_since_when_and_what_to_do(url):
    """A trouble begins with the first failed poll after the last good one."""
    blocked_source(url)
    answer = run(url, "health")
    assert answer.status == 1
    assert "blocked    Shut (2), since 2026-03-02 10:00 UTC\n" in answer.out
    assert "→ Ask the publisher for access" in answer.out
    assert "2 sources: " in answer.err
    records = run(url, "health", "--json").records
    (shut,) = [record for record in records if record["name"] == "Shut"]
    assert shut["since"] == "2026-03-02T10:00:00Z"
    assert list(shut)[:10] == [
        "id",
        "name",
        "condition",
        "needs_a_person",
        "since",
        "last_polled_at",
        "newest_at",
        "failures",
        "cause",
        "advice",
    ]


def test_exports_hold_everything(url):
    """JSON Lines and CSV hold all articles; a title never becomes a formula."""
    records = run(url, "export", "--of", "articles").records
    assert [record["id"] for record in records] == ["a4", "a3", "a2", "a1"]
    table = run(url, "export", "--of", "articles", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert "'=Рудник продан" in {row["title"] for row in rows}


def test_an_export_has_no_silent_limit(url):
    """What a list on a screen cuts off is in the export."""
    database = open_database(url)
    for number in range(60):
        stored(database, f"more{number}", SAME, title=f"Ore sold {number}")
    database.close()
    assert len(run(url, "articles", "list", "--json").records) == 50
    assert len(run(url, "export", "--of", "articles").records) == 64


def test_an_export_of_articles_holds_the_irrelevant_ones_too(url):
    """Programs get everything with its score; `--relevant` narrows; stories stay relevant."""
    database = open_database(url)
    stored(database, "medal", title="Gold medal", relevant=False)
    database.close()
    titles = [record["title"] for record in run(url, "export", "--of", "articles").records]
    assert "Gold medal" in titles
    narrowed = run(url, "export", "--of", "articles", "--relevant").records
    assert {record["relevant"] for record in narrowed} == {True}
    assert len(run(url, "export", "--of", "stories").records) == 1


def test_an_export_goes_whole_into_a_file_or_not_at_all(url, tmp_path):
    """A folder that is not there is named; no half file stays behind."""
    target = tmp_path / "missing" / "out.jsonl"
    with pytest.raises(BadInput, match="cannot be written"):
        run(url, "export", "-o", str(target))
    run(url, "export", "-o", str(tmp_path / "out.jsonl"))
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == ["out.jsonl"]


def test_figures_are_listed_with_their_quotes(url):
    """Each figure of each article, by kind."""
    records = run(url, "claims", "list", "--kind", "resource", "--json").records
    assert {(record["value"], record["basis"]) for record in records} == {
        (1.4e6, "WO3"),
        (410_000, "W"),
    }
    assert all(record["quote"] == "Ore sold" for record in records)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(url, shell):
    """The script names the variable that asks the command for completions."""
    assert "_MONITOR_COMPLETE" in run(url, "completion", shell).out


@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [
        (
            ["stories"],
            "",
            {"list", "merge", "pack", "repair", "repairs", "show", "split", "verify", "why"},
        ),
        (["stories"], "--o", {"--open"}),
        (["stories", "--open"], "--b", {"--by"}),
        (["views"], "", {"add", "list", "remove", "show"}),
        (["alerts"], "t", {"test"}),
        (["review"], "--inter", {"--interactive"}),
    ],
)
def test_what_is_begun_is_completed(typed, begun, offered):
    """Commands of each group, and the options of the list that a group is by itself."""
    shell = ShellComplete(cli, {}, "monitor", "_MONITOR_COMPLETE")
    assert {item.value for item in shell.get_completions(typed, begun)} == offered


#: What outside programs read (the fields that the monitor added are at the end).
CONTRACT = {
    "articles": (
        "id url canonical_url title text language site authors published_at published_from "
        "first_seen_at source sightings relevance relevant reasons minerals countries companies "
        "places events claims copy_of story_id revision flags"
    ),
    "stories": (
        "id title first_seen_at updated_at articles outlets origins languages minerals countries "
        "companies events claims contradictions developments state"
    ),
    "claims": "kind value unit basis stage subject quote start end article_id revision",
}


@pytest.mark.parametrize("noun", sorted(CONTRACT))
def test_exported_fields_are_a_contract(url, noun):
    """A name that outside programs rely on never goes away."""
    record = run(url, "export", "--of", noun).records[0]
    assert set(CONTRACT[noun].split()) <= set(record)


def test_sightings_are_a_contract(url):
    """Where an article was seen, by these names."""
    (sighting,) = run(url, "export", "--of", "articles").records[0]["sightings"]
    assert list(sighting) == ["source", "url", "guid", "title", "seen_at", "forwarded_from"]


def test_a_crawl_reports_by_contract(tmp_path):
    """What `crawl --json` prints, on an empty database too."""
    (record,) = run(f"sqlite:///{tmp_path}/empty.sqlite", "crawl", "--json").records
    assert {
        name: list(part) if isinstance(part, dict) else part
        for name, part in record.items()
        if name != "seconds"
    } == {
        "sources": ["polled", "ok", "not_modified", "failed"],
        "entries": ["seen", "new", "updated"],
        "articles": ["new", "updated"],
        "copies": 0,
        "stories": ["new", "updated"],
        "claims": 0,
        "failures": [],
    }
