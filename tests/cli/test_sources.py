"""`sources`: listing, naming, changing, importing and exporting, as a user does it."""

import json

import pytest

from monitor.errors import BadInput
from tests.cli.desk import run

OPML = (
    '<opml><body><outline text="Metals"><outline text="Ore & Co" xmlUrl="https://ore.example/f">'
    '<outline text="Tin" xmlUrl="https://tin.example/f"/></outline></body></opml>'
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Run a command of `sources` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: run("sqlite:///x.sqlite", "sources", *words)


@pytest.fixture
def stocked(desk):
    """The same, with three sources; two of one name."""
    for number, name in enumerate(["Ore News", "Ore Daily", "Ore Daily"]):
        desk("add", f"https://o{number}.example/f", "--name", name, "--no-fetch")
    return desk


def refusal(desk, *words):
    """The error that a command ends with."""
    with pytest.raises(BadInput) as error:
        desk(*words)
    assert error.value.exit_code == 2
    return str(error.value)


def test_an_empty_list_says_how_to_begin(desk):
    """A user without sources is told both ways to get some."""
    done = desk("list")
    assert (done.status, done.out) == (0, "")
    assert "monitor init" in done.err
    assert "monitor sources add" in done.err


def test_a_list_is_narrowed(stocked):
    """State, kind, language and tag must all fit; how many of how many is said."""
    stocked("edit", "1", "--tag", "tin", "--language", "ru")
    stocked("pause", "2")
    for words in (("--tag", "tin"), ("--language", "ru"), ("--kind", "feed", "--tag", "tin")):
        assert [r["id"] for r in stocked("list", *words, "--json").records] == [1]
    assert [r["id"] for r in stocked("list", "--state", "paused", "--json").records] == [2]
    assert "1 of 3 sources" in stocked("list", "--tag", "tin").err
    assert "None of 3 sources fits" in stocked("list", "--kind", "telegram").err


@pytest.mark.parametrize("name", ["1", "https://o0.example/f", "Ore News", "ore news", "news"])
def test_a_source_is_named_in_many_ways(stocked, name):
    """By id, address, name in any case, or a part that no other name has."""
    assert stocked("show", name, "--json").records[0]["id"] == 1


@pytest.mark.parametrize("name", ["Ore Daily", "daily", "ore"])
def test_an_ambiguous_name_asks_for_the_id(stocked, name):
    """Names may repeat: nothing is changed until it is clear which is meant."""
    said = refusal(stocked, "pause", "1", name)
    assert "2 Ore Daily, 3 Ore Daily" in said
    assert "Name one by its id." in said
    assert {r["state"] for r in stocked("list", "--json").records} == {"active"}


def test_an_unknown_name_offers_the_nearest(stocked):
    """A typing error is answered with what was probably meant."""
    assert "Did you mean 1 Ore News" in refusal(stocked, "show", "Or Newz")
    assert "monitor sources list" in refusal(stocked, "show", "zzzzzz")


def test_all_fields_can_be_edited(stocked):
    """Tags are added and taken away, options set and cleared, the rest replaced."""
    words = ["--option", "item=li.n", "--option", "date=time"]
    stocked("edit", "1", "--tag", "a; b", "--kind", "listing", *words)
    words = ["--name", "Tin", "--url", "https://tin.example/n"]
    words += ["--language", "zh-hant", "--region", "KZ", "--scope", "dedicated", "--every", "900"]
    words += ["--tag", "c", "--no-tag", "a", "--option", "item=", "--option", "link=a"]
    assert stocked("edit", "1", *words).status == 0
    shown = stocked("show", "1", "--json").records[0]
    expected = {
        "name": "Tin",
        "url": "https://tin.example/n",
        "kind": "listing",
        "language": "zh-Hant",
        "region": "KZ",
        "scope": "dedicated",
        "every": 900,
        "tags": ["b", "c"],
        "options": {"date": "time", "link": "a"},
    }
    assert {key: shown[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ((), "nothing to change"),
        (("--name", "Ore News"), "nothing to change"),
        (("--no-tag", "tin"), "has no such tag. It has none."),
        (("--option", "corn=* * * * *"), "Did you mean cron?"),
        (("--option", "cron="), "has no such option"),
        (("--option", "item=a"), "there is no such option of a feed"),
        (("--option", "cron=* *"), "is no cron expression"),
        (("--option", "header-cookie=a"), "is a secret"),
        (("--option", "page_text=//["), "is no CSS selector or XPath"),
        (("--language", "ru?"), "is no language tag"),
        (("--url", "file:///etc/passwd"), "not a web address"),
        (
            ("--region", "KZ", "--url", "https://o1.example/f"),
            "is the address of Ore Daily already",
        ),
    ],
)
def test_a_wrong_edit_changes_nothing(stocked, words, cause):
    """What can not be done is said, and the source stays as it was."""
    before = stocked("show", "1", "--json").out
    assert cause in refusal(stocked, "edit", "1", *words)
    assert stocked("show", "1", "--json").out == before


def test_pause_and_resume_keep_the_reason_in_sight(stocked):
    """Several sources at once; the reason is shown until they are resumed."""
    done = stocked("pause", "1", "3", "--reason", "only press releases", "--json")
    assert [(r["id"], r["state"], r["reason"]) for r in done.records] == [
        (1, "paused", "only press releases"),
        (3, "paused", "only press releases"),
    ]
    assert "only press releases" in stocked("list").out
    assert [r["state"] for r in stocked("resume", "1", "3", "--json").records] == ["active"] * 2


def test_a_removed_source_is_gone_from_the_list(stocked):
    """It is named in the answer, and unknown afterwards."""
    assert stocked("remove", "1", "2", "--json").records == [
        {"id": 1, "name": "Ore News", "removed": True},
        {"id": 2, "name": "Ore Daily", "removed": True},
    ]
    assert [r["id"] for r in stocked("list", "--json").records] == [3]


def test_files_are_imported_together(desk, tmp_path):
    """Several files in one go; what two of them hold counts once, what is known is kept."""
    (tmp_path / "a.opml").write_text(OPML)
    (tmp_path / "b.csv").write_text("url,name\nhttps://tin.example/f,Tin\nhttps://new.example/f,\n")
    done = desk("import", "a.opml", "b.csv")
    assert done.status == 0
    assert "2 files: 3 sources found, 3 new, 0 known" in done.err
    assert "3 sources found, 0 new, 3 known" in desk("import", "a.opml", "b.csv").err
    assert desk("show", "tin", "--json").records[0]["tags"] == ["Metals"]


def test_a_dry_run_adds_nothing(desk, tmp_path):
    """It says what would be new."""
    (tmp_path / "a.opml").write_text(OPML)
    assert "2 sources found, 2 would be new" in desk("import", "--dry-run", "a.opml").err
    assert desk("list", "--json").out == ""


def test_one_bad_file_does_not_lose_the_others(desk, tmp_path):
    """It is named with its cause, the rest is imported, and the status is 1."""
    (tmp_path / "a.opml").write_text(OPML)
    (tmp_path / "b.opml").write_text("<html><body>Hi</body></html>")
    done = desk("import", "b.opml", "a.opml", "nowhere.opml", "--json")
    assert done.status == 1
    (said,) = done.records
    assert (said["found"], said["new"], said["dry_run"]) == (2, 2, False)
    assert [file["found"] for file in said["files"]] == [0, 2, 0]
    assert said["files"][0]["error"].startswith("b.opml: is a web page")
    assert "No such file" in said["files"][2]["error"]
    assert desk("import", "b.opml", "nowhere.opml").status == 2


def test_outlines_without_an_address_are_named(desk, tmp_path):
    """A user learns which of a file's feeds were left out."""
    (tmp_path / "a.opml").write_text(OPML.replace("https://tin.example/f", "nonsense"))
    assert "left out  a.opml: Tin: nonsense" in desk("import", "a.opml").err


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("folder", "folder: is a folder"),
        ("nowhere.opml", "nowhere.opml: cannot be read: No such file"),
        ("page.opml", "page.opml: is a web page, no OPML"),
        ("blob.opml", "blob.opml: is not text"),
        ("bare.opml", "bare.opml: is OPML, but names no feed"),
        ("list.csv", "list.csv: its first line names no column url"),
        ("https://a.example/list.opml", "is an address, not a file"),
    ],
)
def test_what_can_not_be_imported_is_named(desk, tmp_path, name, cause):
    """One clear line for each kind of wrong file."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "page.opml").write_text("<!doctype html><p>Hi")
    (tmp_path / "blob.opml").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "bare.opml").write_text('<opml><body><outline text="a"/></body></opml>')
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    said = refusal(desk, "import", name)
    assert cause in said
    assert "\n" not in said


@pytest.mark.parametrize("form", ["opml", "csv"])
def test_an_export_reads_back_equal(stocked, tmp_path, form):
    """Everything that was said of the sources survives the way into another database."""
    stocked("edit", "1", "--tag", "a b", "--option", 'page_text=a[href*="x"]', "--region", "KZ")
    stocked("edit", "2", "--kind", "listing", "--scope", "dedicated", "--every", "600")
    stocked("edit", "3", "--name", '=1+1 "quoted" & <odd>')
    stocked("pause", "2", "--reason", "metered; for now")
    text = stocked("export", "--format", form).out
    (tmp_path / f"sources.{form}").write_bytes(text.encode())
    run("sqlite:///y.sqlite", "sources", "import", f"sources.{form}")

    def described(url):
        shown = [run(url, "sources", "show", str(n), "--json").records[0] for n in (1, 2, 3)]
        return [{k: v for k, v in one.items() if k != "next_poll_at"} for one in shown]

    assert described("sqlite:///y.sqlite") == described("sqlite:///x.sqlite")


def test_every_command_helps_with_an_example(desk):
    """Each subcommand says what it does and shows how."""
    done = run("sqlite:///x.sqlite", "sources", "--help")
    names = [line.split()[0] for line in done.out.partition("Commands:")[2].splitlines() if line]
    assert len(names) == 11
    for name in names:
        said = run("sqlite:///x.sqlite", "sources", name, "--help").out
        assert "Example" in said, name


def test_json_lines_are_json(stocked):
    """Every line of `list --json` is one object."""
    lines = stocked("list", "--json").out.splitlines()
    assert len([json.loads(line) for line in lines]) == 3
