"""The benchmark of recorded feeds, on small feeds of our own in every dialect."""

import asyncio

import pytest

from tests.benchmarks import recordings

ITEM = "<title>Ore {0}</title><link>https://x.example/{0}</link><description>D {0}</description>"
ENTRY = (
    "<entry><id>tag:x.example,2026:{0}</id><title>Ore {0}</title>"
    "<link href='https://x.example/{0}'/><updated>2026-03-02T10:00:00Z</updated></entry>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    "xmlns='http://purl.org/rss/1.0/'><channel/>"
    "<item rdf:about='https://x.example/1'><title>Ore 1</title></item></rdf:RDF>"
)


def rss(*items, version="2.0"):
    """A feed of items."""
    return f"<rss version='{version}'><channel>{''.join(items)}</channel></rss>".encode()


#: Name -> (bytes, entries).
DIALECTS = {
    "rss-0.91": (rss(*(f"<item>{ITEM.format(n)}</item>" for n in "123"), version="0.91"), 3),
    "rss-2.0": (rss(f"<item>{ITEM.format(1)}<guid>g1</guid></item>"), 1),
    "rss-no-guid-no-link": (rss("<item><title>A</title></item><item><title>B</title></item>"), 2),
    "rss-one-link-for-all": (
        rss(*(f"<item><title>{t}</title><link>https://x.example/</link></item>" for t in "AB")),
        2,
    ),
    "rss-relative": (rss("<item><title>A</title><link>/a b</link></item>"), 1),
    "rss-no-time": (
        rss("<item><title>A</title><pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate></item>"),
        1,
    ),
    "rss-markup": (rss("<item><title>A &lt;b&gt;B&lt;/b&gt; &amp;amp; C</title></item>"), 1),
    "rss-torn": (rss(f"<item>{ITEM.format(1)}</item><item>{ITEM.format(2)}")[:-30], 2),
    "rdf": (RDF.encode(), 1),
    "atom": (
        f"<feed xmlns='http://www.w3.org/2005/Atom'>{ENTRY.format(1)}{ENTRY.format(2)}</feed>".encode(),
        2,
    ),
    "atom-0.3": (
        f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'>{ENTRY.format(1)}</feed>".encode(),
        1,
    ),
    "cp1251": (
        "<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel>"
        "<item><title>Вольфрам</title></item></channel></rss>".encode("cp1251"),
        1,
    ),
    "json": (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}', 1),
    "no-feed": (b"<html><body>Not here</body></html>", 0),
}


@pytest.fixture
def folder(tmp_path):
    """The dialects as files, with notes that are no feeds."""
    place = tmp_path / "feeds"
    place.mkdir()
    for name, (body, _) in DIALECTS.items():
        (place / name).write_bytes(body)
    (place / "LICENSE").write_text("No feed.")
    (place / "atom.json").write_text("{}")
    return place


def test_every_dialect_thrice(folder, tmp_path, capsys):
    """All entries of feedparser are found; an unchanged and a touched feed store nothing."""
    files = recordings.recordings(folder)
    assert {file.name for file in files} == DIALECTS.keys()
    faults = asyncio.run(recordings.crawl_thrice(files, f"sqlite:///{tmp_path}/monitor.sqlite"))
    with (tmp_path / "table").open("w") as table:
        faults += recordings.compare(files, table)
    assert faults == []
    seen = {file.name: int(file.polls[0].split()[1].rstrip(":")) for file in files}
    assert seen == {name: count for name, (_, count) in DIALECTS.items()}
    assert "titles are plain text" in capsys.readouterr().out
