"""The catalogue: what is built in holds, and a wrong row is named."""

from collections import Counter

import pytest

from monitor.errors import BadInput
from monitor.model import Scope, SourceKind, SourceState
from monitor.sources import templates
from monitor.sources.catalogue import load_catalogue, note_of
from monitor.urls import host

HEAD = "name,url,kind,language,region,scope,tags,evidence,homepage,note,every,options\n"


def row(**changes):
    """A catalogue of one row."""
    cells = {
        "name": "Ore",
        "url": "https://a.example/f",
        "kind": "feed",
        "language": "en",
        "region": "KZ",
        "scope": "dedicated",
        "tags": "mining; metals",
        "evidence": "verified",
        "homepage": "https://a.example/",
        "note": "part paywall",
        "every": "",
        "options": "",
        **changes,
    }
    return (HEAD + ",".join(cells.values()) + "\n").encode()


def test_the_built_in_catalogue_holds():
    """It loads whole: distinct names and addresses, active and paused, each pause with a reason."""
    catalogue = load_catalogue()
    assert len(catalogue) > 100
    assert max(Counter(s.name for s in catalogue).values()) == 1
    assert max(Counter(s.url for s in catalogue).values()) == 1
    states = {source.state for source in catalogue}
    assert states == {SourceState.ACTIVE, SourceState.PAUSED}
    assert all(s.state_reason for s in catalogue if s.state is SourceState.PAUSED)


def test_the_built_in_catalogue_speaks_the_languages_of_the_trade():
    """Feeds, listings and channels in English, Russian, Chinese and Kazakh are in it."""
    catalogue = load_catalogue()
    assert {"en", "ru", "zh", "kk"} <= {source.language for source in catalogue}
    kinds = {source.kind for source in catalogue}
    assert kinds >= {SourceKind.FEED, SourceKind.LISTING, SourceKind.TELEGRAM, SourceKind.API}


@pytest.mark.parametrize(
    ("evidence", "state", "reason"),
    [
        ("verified", SourceState.ACTIVE, "part paywall"),
        ("seen", SourceState.ACTIVE, "part paywall"),
        ("doubtful", SourceState.PAUSED, "doubtful: part paywall"),
        ("unverified", SourceState.PAUSED, "unverified: part paywall"),
    ],
)
def test_evidence_decides_the_state(evidence, state, reason):
    """What was seen to answer is active, what is doubtful waits; the note is kept."""
    (source,) = load_catalogue(row(evidence=evidence))
    assert (source.state, source.state_reason) == (state, reason)
    assert note_of(reason) == "part paywall"


def test_all_fields_are_kept():
    """Kind, language, region, scope, tags and homepage come as they are written."""
    (source,) = load_catalogue(row())
    assert (source.kind, source.language, source.region) == (SourceKind.FEED, "en", "KZ")
    assert (source.scope, source.tags) == (Scope.DEDICATED, ("mining", "metals"))
    assert source.homepage == "https://a.example/"


def test_dead_sources_are_left_out():
    """A source known to be dead is not loaded."""
    assert load_catalogue(row(evidence="dead")) == ()


def test_options_and_interval_are_kept():
    """An API comes with its paths, and with how often it may be asked."""
    (source,) = load_catalogue(row(kind="api", every="3600", options='"{""item"": ""results""}"'))
    assert (source.state, source.every_s) == (SourceState.ACTIVE, 3600)
    assert source.options == {"item": "results"}


def test_the_addresses_of_the_built_in_catalogue_can_be_filled():
    """Every placeholder is one that there is."""
    assert [source.name for source in load_catalogue() if templates.fault(source.url)] == []


def test_apis_that_are_ready_to_use():
    """The Federal Register and GDELT are described whole; GDELT asks for a gap of 5 s at least."""
    apis = [source for source in load_catalogue() if source.kind is SourceKind.API]
    assert {"www.federalregister.gov", "api.gdeltproject.org"} == {host(s.url) for s in apis}
    assert all({"item", "link", "title", "date"} <= source.options.keys() for source in apis)
    gdelt = [source for source in apis if "gdelt" in source.url]
    assert all(float(source.options["gap"]) > 5 for source in gdelt)


def test_google_news_waits_for_the_operator():
    """Queries whose links are opaque are shipped paused, with the reason."""
    queries = [source for source in load_catalogue() if host(source.url) == "news.google.com"]
    assert len(queries) >= 4
    assert {source.state for source in queries} == {SourceState.PAUSED}
    assert all("opaque" in source.state_reason for source in queries)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (row(evidence="maybe"), r"catalogue\.csv, row 2: maybe: is not known"),
        (row(kind="fead"), r"row 2: fead: is not known"),
        (row(url="nonsense"), r"row 2: nonsense: this is not a web address"),
        (row(language="English"), r"row 2: English: is no language tag"),
        (row(name=""), r"row 2: name: is empty"),
        (row(kind="api", options='"{""itme"": ""x""}"'), r"row 2: itme.*Did you mean item"),
        (row() + row().splitlines()[1], r"row 3: https://a\.example/f: stands in another row"),
        (b"name,url\nOre,https://a.example/\n", r"row 2: columns are missing"),
        (b"nothing", r"catalogue\.csv: its first line names no column url"),
    ],
)
def test_a_wrong_row_is_named(data, cause):
    """An error of the catalogue says file, row and what is wrong."""
    with pytest.raises(BadInput, match=cause):
        load_catalogue(data)
