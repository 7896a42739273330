"""Evidence packs: complete, the same each time, and any change in them is found."""

import hashlib
import io
import json
import zipfile

import pytest

from monitor.deliver.evidence import MANIFEST, write_pack
from monitor.deliver.verifying import verify
from monitor.errors import BadInput
from monitor.model import Choice, Placement
from monitor.store import open_database
from tests.cli.desk import SAME, resource, run, told_story
from tests.store.records import hours, stored

#: What strangers write where names of files could come from it.
EVIL = "../../etc/passwd\\..\\x\0:<>|"


@pytest.fixture
def url(tmp_path):
    """The address of a database with one story: hostile words, an edit, a decision."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    database = open_database(address)
    stored(database, "evil", SAME, title=EVIL, site=EVIL, text=EVIL * 3)
    text = "The mine was sold for a song after all, says the company that bought it."
    stored(database, "closing", Placement(), title="Sale closed", text=text, seen_at=hours(7))
    database.decide([Choice(story_id=1, action="note", value=EVIL)], who="ann", now=hours(8))
    database.close()
    return address


def packed(url):
    """The bytes of the pack of the one story, and the hash of its manifest."""
    database = open_database(url)
    target = io.BytesIO()
    digest = write_pack(database, database.story(1), target)
    database.close()
    return target.getvalue(), digest


def altered(folder, data, change):
    """A pack whose files went through a change."""
    path = folder / "altered.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w") as new:
        files = {name: old.read(name) for name in old.namelist()}
        change(files)
        for name, content in files.items():
            new.writestr(name, content)
    return path


def test_a_pack_holds_what_we_know(url):
    """Texts, revisions, records, figures, decisions; what is not kept is said."""
    data, _ = packed(url)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    assert {
        "README.txt",
        "articles/a4/record.json",
        "articles/a4/revisions/1.txt",
        "articles/a4/revisions/2.txt",
        "articles/a4/text.txt",
        "claims.csv",
        "decisions.json",
        "figures.json",
        "manifest.json",
        "story.json",
        "story.svg",
    } <= set(files)
    manifest = json.loads(files[MANIFEST])
    assert [one["path"] for one in manifest["files"]] == sorted(set(files) - {MANIFEST})
    assert "Response headers of article pages" in manifest["not_kept"][0]
    record = json.loads(files["articles/a1/record.json"])
    assert record["url"] == "https://ores.example/first"
    assert record["text_sha256"] == hashlib.sha256(files["articles/a1/text.txt"]).hexdigest()
    assert record["polls"][0]["poll"]["outcome"] == "ok"
    (decision,) = json.loads(files["decisions.json"])
    assert (decision["who"], decision["action"]) == ("ann", "note")


def test_quotes_stand_where_the_pack_says(url):
    """A figure's place counts from the start of the text file."""
    data, _ = packed(url)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        text = pack.read("articles/a1/text.txt").decode()
        (claim,) = json.loads(pack.read("articles/a1/record.json"))["claims"]
    assert text[claim["start"] : claim["end"]] == claim["quote"] == resource(1, "W").quote


def test_the_same_story_gives_the_same_bytes(url):
    """Nothing depends on when it was packed; a decision makes another pack."""
    first = packed(url)
    assert packed(url) == first
    run(url, "review", "s1", "--keep")
    assert packed(url)[1] != first[1]


def test_names_come_from_no_stranger(url):
    """Whatever titles and outlets hold, no file leaves the folder that it is unpacked in."""
    data, _ = packed(url)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        names = pack.namelist()
    assert all(name.isascii() and ".." not in name and "\\" not in name for name in names)
    assert names == [*sorted(names[:-1]), MANIFEST]


def test_an_untouched_pack_verifies(url, tmp_path):
    """By the command, without a database; and by the hash that was noted down."""
    path = tmp_path / "s1.zip"
    digest = run(url, "stories", "pack", "s1", "-o", str(path)).out.strip()
    nowhere = "sqlite:////nowhere/at/all.sqlite"
    answer = run(nowhere, "stories", "verify", str(path), "--manifest", digest)
    assert answer.status == 0
    assert "files of s1, all as they were packed" in answer.out
    (record,) = run(nowhere, "stories", "verify", str(path), "--json").records
    assert (record["manifest"], record["faults"]) == (digest, [])
    other = run(nowhere, "stories", "verify", str(path), "--manifest", "0" * 64)
    assert other.status == 1
    assert "not the one given" in other.out


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda f: f.update({"articles/a1/text.txt": b"Ore not sold"}), "text.txt: was altered"),
        (lambda f: f.pop("decisions.json"), "decisions.json: is missing"),
        (lambda f: f.update({"../evil": b"x"}), "../evil: was added"),
        (lambda f: f.update({"claims.csv": f["claims.csv"] + b"\n"}), "claims.csv: was altered"),
    ],
)
def test_every_change_is_found(url, tmp_path, change, fault):
    """A file altered, removed or added is named."""
    found = verify(altered(tmp_path, packed(url)[0], change))
    assert [one for one in found.faults if fault in one]
    assert len(found.faults) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda f: f.pop(MANIFEST), "it is no evidence pack"),
        (lambda f: f.update({MANIFEST: b"{"}), "that cannot be read"),
        (lambda f: f.update({MANIFEST: b'{"files": []}'}), "of another form"),
        (lambda f: f.update({MANIFEST: b"[" * 9999}), "that cannot be read"),
    ],
)
def test_what_is_no_pack(url, tmp_path, change, what):
    """A zip without our manifest is refused with a reason."""
    with pytest.raises(BadInput, match=what):
        verify(altered(tmp_path, packed(url)[0], change))


def test_a_damaged_zip(url, tmp_path):
    """Cut off it is none; a byte that is another is found in its file."""
    data, _ = packed(url)
    path = tmp_path / "bad.zip"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="is no zip, or a damaged one"):
        verify(path)
    broken = bytearray(data)
    broken[data.index(b"README.txt") + 20] ^= 0xFF
    path.write_bytes(bytes(broken))
    assert verify(path).faults == ("README.txt: is damaged",)


def test_a_bomb_is_not_unpacked(tmp_path):
    """What claims to be larger than any pack is refused by its directory."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for number in range(41):
            with pack.open(f"{number}", "w") as stream:
                stream.write(b"\0" * 1000)
        for info in pack.infolist():
            info.file_size = 100_000_000
    with pytest.raises(BadInput, match="is larger than any evidence pack"):
        verify(path)
