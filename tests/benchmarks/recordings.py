"""
Recorded feeds, crawled thrice from loopback and held against feedparser.

    python -m tests.benchmarks.recordings FOLDER [--table FILE]

Every file of FOLDER is served at an address of its own (127.x.y.z) with ETag and
Last-Modified; notes, licences and expected results (`.json` beside a feed) are not. The
first crawl must bring what feedparser finds in the same bytes with its own defaults; the
second gets 304s; before the third every file is touched: new validators, the same bytes. The
second and third must store nothing. Differences that a rule of ours explains are counted by
rule; any other is printed, and the exit status is 1. `--table` writes one line per feed.
"""

import argparse
import asyncio
import hashlib
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path

import feedparser

from monitor.crawl import crawler
from monitor.errors import MonitorError
from monitor.model import Document, NewSource, SourceKind
from monitor.parse import markup
from monitor.parse.feeds import parse_feed
from monitor.settings import load_settings
from monitor.store import open_database
from monitor.store.runner import Runner
from monitor.urls import absolute
from tests.spiders.server import Hit, Web, answer, web

NOT_FEEDS = {".md", ".txt", ".go", ".rs"}
NOT_LATIN = re.compile("[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")
CRAWLS = ("first", "unchanged", "touched")


@dataclass
class Recording:
    """One file and where it is served."""

    path: Path
    name: str
    host: str
    body: bytes
    touched: int = 0
    polls: list[str] = field(default_factory=list)

    @property
    def validators(self) -> dict[str, str]:
        """ETag and Last-Modified; other ones after each touch."""
        at = datetime.fromtimestamp(self.path.stat().st_mtime + self.touched, UTC)
        digest = hashlib.sha256(self.body + bytes([self.touched])).hexdigest()[:20]
        return {"ETag": f'"{digest}"', "Last_Modified": format_datetime(at, usegmt=True)}

    async def serve(self, hit: Hit) -> bytes:
        """The bytes, or 304 to who has them."""
        now = self.validators
        asked = hit.headers.get("if-none-match"), hit.headers.get("if-modified-since")
        if asked == (now["ETag"].lower(), now["Last_Modified"].lower()):
            return answer(status="304 Not Modified", **now)
        return answer(self.body, Content_Type="application/xml", **now)


def recordings(folder: Path) -> list[Recording]:
    """Every file that may be a feed, each with an address of its own."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and _may_be_feed(path)]
    return [
        Recording(path, str(path.relative_to(folder)), _host(at), path.read_bytes())
        for at, path in enumerate(paths)
    ]


def _may_be_feed(path: Path) -> bool:
    is_expected = path.suffix == ".json" and any(
        other.stem == path.stem and other.suffix != ".json" for other in path.parent.iterdir()
    )
    is_note = path.suffix in NOT_FEEDS or path.name.startswith(("LICENSE", "README", "."))
    return not (is_expected or is_note)


def _host(at: int) -> str:
    return f"127.{77 + at // 62_500}.{at // 250 % 250}.{at % 250 + 1}"


def reference(body: bytes) -> list[feedparser.FeedParserDict]:
    """What feedparser finds with its own defaults; nothing when it fails."""
    try:
        return list(feedparser.parse(BytesIO(body)).entries)
    except Exception as error:
        print(f"feedparser itself raised {type(error).__name__}", file=sys.stderr)
        return []


def explained_count(theirs: int, document: Document | None, body: bytes) -> str:
    """The rule by which we find another number of entries than feedparser; '' = none."""
    ours = len(document.entries) if document else 0
    if ours > theirs and body[:2] in {b"<\0", b"\0<"}:
        return "UTF-16 without a mark is read"
    if ours > theirs and body.lstrip()[:1] == b"{":
        return "JSON Feed is read"
    cut = any("cut off" in problem for problem in document.problems) if document else False
    if ours == theirs - 1 and cut:
        return "a last item that was cut before its address is dropped"
    return ""


def differences(theirs: Sequence[feedparser.FeedParserDict], document: Document, url: str):
    """(field, theirs, ours, the rule that explains it or '') of each entry, pairwise."""
    for their, our in zip(theirs, document.entries, strict=False):
        pairs = {
            "guid": (their.get("id", ""), our.guid),
            "title": (their.get("title", ""), our.title),
            "link": (their.get("link", ""), our.url),
            "date": (_when(their), our.published_at),
        }
        for name, (theirs_value, ours_value) in pairs.items():
            if theirs_value != ours_value:
                rule = RULES[name](their, our, url)
                yield name, theirs_value, ours_value, rule


def _when(entry: feedparser.FeedParserDict) -> datetime | None:
    found = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime(*found[:6], tzinfo=UTC) if found else None
    except ValueError:
        return None


def _guid_rule(their, our, _url):
    return "white space collapsed" if markup.collapsed(their.get("id", "")) == our.guid else ""


def _title_rule(their, our, _url):
    title = their.get("title", "")
    if markup.plain(title) == our.title:
        return "titles are plain text"
    # Its sanitiser and ours part words at different tags.
    if "".join(markup.plain(title).split()) == "".join(our.title.split()):
        return "block elements part words"
    if NOT_LATIN.search(our.title) and not NOT_LATIN.search(title):
        return "an encoding that is not declared is guessed"
    return ""


def _link_rule(their, our, url):
    link = their.get("link", "")
    if our.url == absolute("", their.get("feedburner_origlink", "")):
        return "feedburner:origLink is the address"
    if not our.url and link == their.get("id", "") and "/" not in link:
        return "a guid is no address"
    if not our.url and not absolute(url, link):
        return "only safe http(s) addresses are links"
    if "://" not in link and our.url.startswith("http"):
        return "relative links are resolved"
    return "" if absolute(url, link) != our.url else "spaces are escaped"


def _date_rule(their, our, _url):
    raw = our.published_raw
    if our.published_at is None and _when(their) is not None:
        is_wrong = not 1990 <= _when(their).year <= datetime.now(UTC).year
        ahead = _when(their) > datetime.now(UTC)
        return "an impossible date is not believed" if is_wrong or ahead else ""
    if our.published_at is not None and _when(their) is None:
        return "more ways to write a date are read"
    if re.search(r"\d\s*[ap]m\b", raw, re.IGNORECASE):
        return "AM and PM are read"
    if raw and raw != markup.collapsed(their.get("published") or their.get("updated") or ""):
        return "created before updated"
    return ""


RULES = {"guid": _guid_rule, "title": _title_rule, "link": _link_rule, "date": _date_rule}


async def crawl_thrice(files: list[Recording], database_url: str) -> list[str]:
    """Crawl, crawl again, touch, crawl; what was wrong with it, in words."""
    faults: list[str] = []
    database = open_database(database_url)
    runner = Runner(database)
    environ = {
        "MONITOR_FETCH__ALLOW_PRIVATE": '["127.0.0.0/8"]',
        "MONITOR_FETCH__PAGES": "false",
        "MONITOR_FETCH__HOST_GAP": "0",
    }
    settings = load_settings(None, environ=environ, database=database_url)
    async with web(tuple(file.host for file in files)) as site:
        _publish(site, files, database)
        by_id = {source.id: source for source in database.sources()}
        before: dict[str, int] = {}
        async with crawler(settings, runner) as one:
            for name in CRAWLS:
                for file in files:
                    file.touched += name == "touched"
                blocked = asyncio.create_task(_longest_block())
                tally, seconds = await one.crawl(list(database.sources()))
                blocked.cancel()
                faults += _judged(name, files, tally, database, before)
                before = _stored(database)
                longest = await blocked
                print(
                    f"{name:<10} {seconds:6.1f} s  polled {tally.polled}, ok {tally.ok}, not "
                    f"modified {tally.not_modified}, failed {len(tally.failures)}; entries "
                    f"{tally.entries_seen} seen, {tally.entries_new} new, "
                    f"{tally.entries_updated} updated; articles {tally.articles_new}; "
                    f"loop blocked for at most {1000 * longest:.0f} ms"
                )
        for source in by_id.values():
            polls = reversed(database.polls(source.id, limit=9))
            _of(files, source.name).polls = [
                f"{poll.outcome.value} {poll.seen}: {poll.cause}".rstrip(": ") for poll in polls
            ]
    runner.close()
    database.close()
    return faults


def _publish(site: Web, files: list[Recording], database) -> None:
    now = datetime.now(UTC)
    for file in files:
        site.routes[file.host, "/feed"] = file.serve
        url = site.url("/feed", file.host)
        database.add_source(NewSource(name=file.name, kind=SourceKind.FEED, url=url), now=now)


def _of(files: list[Recording], name: str) -> Recording:
    return next(file for file in files if file.name == name)


def _stored(database) -> dict[str, int]:
    with database.engine.connect() as connection:
        tables = ("entries", "articles", "revisions", "claims", "sightings")
        known = {row[0] for row in connection.exec_driver_sql(TABLES)}
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in tables
            if table in known
        }


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def _judged(name, files, tally, database, before) -> list[str]:
    """What one crawl did that it must not do."""
    faults = []
    if tally.polled != len(files):
        faults.append(f"{name}: {tally.polled} of {len(files)} feeds polled")
    if name == "first":
        return faults
    now = _stored(database)
    if now != before:
        faults.append(f"{name}: stored something: {before} became {now}")
    if tally.entries_new or tally.entries_updated or tally.articles_new or tally.articles_updated:
        faults.append(f"{name}: counted something new")
    return faults


async def _longest_block() -> float:
    """The longest time that the loop served nobody, seconds."""
    longest = 0.0
    try:
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - asked - 0.005)
    except asyncio.CancelledError:
        return longest


def compare(files: list[Recording], table) -> list[str]:
    """What is different from feedparser by no rule; prints the explained ones by rule."""
    faults, rules, fields, per_feed_s = [], Counter(), Counter(), []
    now = datetime.now(UTC)
    for file in files:
        theirs, url = reference(file.body), f"http://{file.host}/feed"
        started = time.perf_counter()
        try:
            document = parse_feed(file.body, url=url, content_type="application/xml", now=now)
            cause = "; ".join(document.problems)
        except MonitorError as error:
            document, cause = None, error.message
        per_feed_s.append(time.perf_counter() - started)
        ours = len(document.entries) if document else 0
        rule = explained_count(len(theirs), document, file.body) if ours != len(theirs) else ""
        if rule:
            rules["count", rule] += 1
        if ours != len(theirs) and not rule:
            faults.append(f"{file.name}: feedparser finds {len(theirs)}, we find {ours}: {cause}")
        print(file.name, len(theirs), ours, rule, cause, *file.polls, sep="\t", file=table)
        if document is None or ours != len(theirs):
            continue
        fields["entries"] += ours
        for name, their, our, why in differences(theirs, document, url):
            rules[name, why] += bool(why)
            if not why:
                faults.append(f"{file.name}: {name}: {their!r:.150} is {our!r:.150} here")
    print(f"\n{len(files)} files, {fields['entries']} entries compared")
    for (name, why), count in sorted((+rules).items()):
        print(f"  {count:>6} x {name:<6} {why}")
    per_feed_s.sort()
    print(
        f"parsing: median {1000 * per_feed_s[len(files) // 2]:.1f} ms, "
        f"longest {1000 * per_feed_s[-1]:.0f} ms, all {sum(per_feed_s):.1f} s"
    )
    return faults


def main() -> int:
    """Run it; 1 when something is unexplained."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    options.add_argument("folder", type=Path)
    options.add_argument("--table", type=Path, default=Path("/dev/null"))
    given = options.parse_args()
    files = recordings(given.folder)
    with tempfile.TemporaryDirectory() as folder:
        faults = asyncio.run(crawl_thrice(files, f"sqlite:///{folder}/monitor.sqlite"))
    with given.table.open("w") as table:
        faults += compare(files, table)
    for fault in faults:
        print("UNEXPLAINED", fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
