"""
The inbox with 100,000 stories: how soon its first byte comes, what a decision takes, what it weighs.

    python -m tests.benchmarks.inbox [--stories 100000] [--requests 200] [--keep FILE] [--json]

Stories with their cards are put into a fresh SQLite database; `monitor serve` serves it in a
process of its own, on loopback. Varied addresses are asked for, one after another, as one analyst
does; then stories are decided on, one form each. Weight is what a browser with an empty cache
gets at its first visit: the page and all that it names, as sent and unpacked. Exit status 1 when
a bound is not met, or when the page names another host. The bounds are for a machine that does
nothing else; the server's own computing time and the load of the machine are told beside.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import sqlalchemy as sa

from monitor.model import Card, Happening, HappeningKind
from monitor.store import open_database
from monitor.store.cards import _facets, _row
from monitor.store.tables import cards, decisions, stories, story_facets

#: Milliseconds at the 95th percentile, and bytes at the first visit.
FIRST_BYTE_MS, DECISION_MS, WEIGHT = 100.0, 50.0, 150_000

MINERALS = [
    "lithium",
    "copper",
    "rare_earths",
    "nickel",
    "cobalt",
    "tungsten",
    "graphite",
    "antimony",
    "gallium",
    "germanium",
    "tin",
    "zinc",
    "manganese",
    "titanium",
    "vanadium",
    "niobium",
    "tantalum",
    "beryllium",
    "magnesium",
    "fluorspar",
]
COUNTRIES = [
    "CN",
    "US",
    "KZ",
    "AU",
    "CL",
    "CD",
    "ID",
    "CA",
    "ZA",
    "RU",
    "BR",
    "AR",
    "IN",
    "MN",
    "UZ",
    "KG",
    "DE",
    "JP",
    "KR",
    "PE",
]
LANGUAGES = ["en", "zh", "ru", "es", "de", "kk", "fr", "pt", "ja", "ar"]
EVENTS = ["export_control", "stake", "production", "offtake", "resource_estimate", "tariff"]
WORDS = {
    "en": "sample miner plans to expand its deposit and sell ore from the northern pit this year",
    "ru": "образцовый рудник увеличит добычу руды и построит новую фабрику на севере области",
    "zh": "样例公司宣布扩大矿山产能并计划今年向下游企业供应更多精矿产品",
}

#: Stories of which somebody is done with.
DONE = 0.6

ADDRESSES = (
    "/",
    "/?mineral=lithium",
    "/?mineral=fluorspar",
    "/?country=KZ",
    "/?country=KZ&mineral=tungsten",
    "/?language=ru",
    "/?language=ar&state=all",
    "/?state=all",
    "/?state=kept",
    "/?state=dismissed&order=relevance",
    "/?order=relevance",
    "/?order=first-seen&group=country",
    "/?group=mineral",
    "/?disputed=1",
    "/?assignee=ben",
    "/?tag=rare&state=all",
    "/?mineral=cobalt&mineral=nickel&order=relevance",
    "/?relevance=0.9&country=PE",
    "/?outlet=Outlet+17",
    "/?within=7d",
)


def main() -> int:
    """Measure; 1 when a bound is not met."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="monitor-inbox-") as folder:
        path = Path(options.keep or f"{folder}/inbox.sqlite")
        if not path.exists():
            began = time.perf_counter()
            fill(path, options.stories)
            _say(options, f"{options.stories:,} stories in {time.perf_counter() - began:.0f} s")
        with served(path) as (address, process):
            began = _computed_s(process)
            found = first_bytes(address, options.requests)
            found["server_ms_per_page"] = _ms((_computed_s(process) - began) / options.requests)
            found |= decided(address, options.decisions) | weight(address)
            found["load_of_machine"] = round(os.getloadavg()[0], 1)
    print(json.dumps(found, indent=None if options.json else 2))
    return 1 if failures(found) else 0


def failures(found: dict[str, Any]) -> list[str]:
    """Bounds that are not met."""
    return [
        name
        for name, is_met in (
            ("first byte", found["first_byte_p95_ms"] <= FIRST_BYTE_MS),
            ("decision", found["decision_p95_ms"] <= DECISION_MS),
            ("weight", found["weight_sent"] <= WEIGHT),
            ("other hosts", not found["other_hosts"]),
        )
        if not is_met
    ]


def fill(path: Path, count: int) -> None:
    """A database of so many stories, told in the last two years."""
    database = open_database(f"sqlite:///{path}")
    chance, now = random.Random(7), datetime.now(UTC)
    with closing(database), database.writing() as connection:
        for start in range(1, count + 1, 5000):
            made = [
                _story(n, count, now, chance) for n in range(start, min(start + 5000, count + 1))
            ]
            connection.execute(sa.insert(stories), [story for story, _ in made])
            connection.execute(sa.insert(cards), [_row(card) for _, card in made])
            facets = [row for _, card in made for row in _facets(card, card.outlets)]
            tags = [
                {"kind": "tag", "value": "rare", "story_id": card.story_id}
                for _, card in made
                if card.story_id % 997 == 0
            ]
            connection.execute(sa.insert(story_facets), facets + tags)
            connection.execute(sa.insert(decisions), list(_log(made)))
    database.tidy()


def _story(number: int, count: int, now: datetime, chance: random.Random) -> tuple[dict, Card]:
    changed = now - timedelta(minutes=10.5 * (count - number) + chance.random() * 10)
    state = "new"
    if chance.random() < DONE:
        state = chance.choice(("kept", "dismissed", "dismissed", "dismissed"))
    told = 1 + int(chance.expovariate(0.8))
    outlets = tuple(f"Outlet {int(chance.paretovariate(0.8))}" for _ in range(min(told, 6)))
    language = chance.choices(LANGUAGES, range(len(LANGUAGES), 0, -1))[0]
    words = WORDS.get(language, WORDS["en"]).split() if language != "zh" else list(WORDS["zh"])
    chance.shuffle(words)
    is_disputed = chance.random() < 0.03
    card = Card(
        story_id=number,
        title=("" if language == "zh" else " ").join(words)[:110],
        language=language,
        site=outlets[0],
        url=f"https://outlet.example/{number}/" + "-".join(words[:4]),
        first_seen_at=changed - timedelta(hours=chance.random() * 20),
        changed_at=changed,
        articles=told,
        copies=told // 3,
        origins=told - told // 3,
        developments=1,
        outlets=tuple(dict.fromkeys(outlets)),
        outlet_count=len(set(outlets)),
        languages=(language,),
        minerals=tuple(dict.fromkeys(_weighted(MINERALS, chance) for _ in range(2))),
        countries=tuple(dict.fromkeys(_weighted(COUNTRIES, chance) for _ in range(2))),
        companies=(f"Sample Company {number % 300}",),
        events=(chance.choice(EVENTS),),
        figures=("stake 70 %", "resource 1.4 Mt WO3")[: number % 3],
        contradictions=("resource 410 kt W against 1.4 Mt WO3 (× 2.7)",) if is_disputed else (),
        corrections=(),
        relevance=round(0.4 + 0.6 * chance.random(), 2),
        reasons=(
            "+0.40 mineral in the title: lithium",
            "+0.06 country in the title: KZ",
            "+0.48 words of the trade: mine, deposit, ore, concentrate",
            "+0.20 the source is about minerals only",
        ),
        happenings=(
            Happening(at=changed, kind=HappeningKind.NEW, text=outlets[0]),
            *(Happening(at=changed, kind=HappeningKind.ARTICLE, text=one) for one in outlets[1:]),
        ),
    )
    return {
        "id": number,
        "state": state,
        "version": 2,
        "needs_attention": False,
        "is_starred": False,
        "assignee": "ben" if number % 500 == 0 else "",
        "first_seen_at": card.first_seen_at,
        "updated_at": changed,
        "is_open": state == "new",
        "card_stale": False,
        "card_edition": 1 + number // 50,
        "relevance": card.relevance,
        "is_disputed": is_disputed,
    }, card


def _weighted(names: list[str], chance: random.Random) -> str:
    return chance.choices(names, [1 / (rank + 1) for rank in range(len(names))])[0]


def _log(made: list[tuple[dict, Card]]) -> Iterator[dict[str, Any]]:
    """Who decided on those that somebody is done with."""
    for story, card in made:
        if story["state"] != "new":
            yield {
                "story_id": card.story_id,
                "at": card.changed_at,
                "who": "ben",
                "action": "state",
                "before": "new",
                "after": story["state"],
                "undone": False,
                "batch": card.story_id,
                "details": {},
            }


@contextmanager
def served(path: Path) -> Iterator[tuple[str, int]]:
    """`monitor serve` over a database; yields its address and the number of its process."""
    words = [
        sys.executable,
        "-m",
        "monitor",
        "--database",
        f"sqlite:///{path}",
        "serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        try:
            line = ""
            for line in run.stdout or ():
                if found := re.search(r"http://[\d.]+:\d+", line):
                    yield found[0], run.pid
                    return
            raise RuntimeError(f"the site does not start: {line.strip()}")
        finally:
            run.terminate()


class Visitor:
    """One browser's connection."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc)
        self.cookie = ""
        self.token = ""

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[float, http.client.HTTPResponse, bytes]:
        """(seconds to the first byte, the answer, its body)."""
        sent = {"Cookie": self.cookie, "Accept-Encoding": "gzip", **headers}
        body = urlencode(form) if form else None
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request("POST" if form else "GET", path, body, sent)
        answer = self.connection.getresponse()
        took = time.perf_counter() - began
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return took, answer, answer.read()

    def page(self, path: str) -> tuple[float, str]:
        """(seconds to the first byte, the page)."""
        took, answer, body = self.ask(path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        text = body.decode()
        self.token = re.search(r'data-token="([^"]+)"', text)[1]  # type: ignore[index]
        return took, text


def first_bytes(address: str, requests: int) -> dict[str, Any]:
    """How soon pages come: those of `ADDRESSES` and the pages after them."""
    visitor, took = Visitor(address), {}
    visitor.page("/")
    waiting = list(ADDRESSES)
    done: list[float] = []
    while len(done) < requests:
        path = waiting.pop(0)
        seconds, text = visitor.page(path)
        done.append(seconds)
        took.setdefault(path.partition("&after=")[0], []).append(seconds)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        is_deep = len(done) > requests // 2
        waiting.append(older[1].replace("&amp;", "&") if older and not is_deep else path)
    slowest = sorted(((max(values), path) for path, values in took.items()), reverse=True)[:6]
    return {
        "first_byte_p50_ms": _ms(statistics.median(done)),
        "first_byte_p95_ms": _ms(statistics.quantiles(done, n=20)[-1]),
        "first_byte_max_ms": _ms(max(done)),
        "slowest": {path: _ms(value) for value, path in slowest},
    }


def decided(address: str, count: int) -> dict[str, Any]:
    """How long one form with one decision takes, to the first byte of its answer."""
    visitor, done = Visitor(address), []
    path = "/"
    while len(done) < count:
        _, text = visitor.page(path)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        for choice in re.findall(r'name="choice" value="(\d+:\d+)"', text)[: count - len(done)]:
            form = {"one": f"{choice}:keep", "back": "/", "token": visitor.token}
            took, answer, _ = visitor.ask("/decide", form, **{"HX-Request": "true"})
            if answer.status != 200:
                raise RuntimeError(f"a decision: {answer.status}")
            done.append(took)
        path = older[1].replace("&amp;", "&") if older else "/"
    return {
        "decision_p50_ms": _ms(statistics.median(done)),
        "decision_p95_ms": _ms(statistics.quantiles(done, n=20)[-1]),
        "decision_max_ms": _ms(max(done)),
    }


def weight(address: str) -> dict[str, Any]:
    """What a first visit brings, by what is named in the page and its style sheets."""
    visitor = Visitor(address)
    _, answer, body = visitor.ask("/")
    sent, unpacked, hosts = {"/": len(body)}, {"/": len(body)}, set()
    waiting = _named(body.decode())
    while waiting:
        path = urljoin("/", waiting.pop())
        if urlsplit(path).netloc:
            hosts.add(urlsplit(path).netloc)
        elif path not in sent:
            _, answer, body = visitor.ask(path)
            sent[path] = len(body)
            text = gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body
            unpacked[path] = len(text)
            if path.endswith(".css"):
                waiting += re.findall(r"url\(['\"]?([^'\")]+)", text.decode())
    return {
        "weight_sent": sum(sent.values()),
        "weight_unpacked": sum(unpacked.values()),
        "weight_by_file": {path.rpartition("/")[2] or "/": size for path, size in sent.items()},
        "other_hosts": sorted(hosts),
    }


def _named(page: str) -> list[str]:
    """What a browser fetches for a page by itself."""
    found = re.findall(r'<(?:script|img|iframe|source)[^>]*?src="([^"]+)"', page)
    return found + re.findall(
        r'<link[^>]*?rel="(?:stylesheet|icon|preload)"[^>]*?href="([^"]+)"', page
    )


def _computed_s(process: int) -> float:
    """Seconds that a process has computed, by itself and in the system for it."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _say(options: argparse.Namespace, text: str) -> None:
    if not options.json:
        print(text, file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=100)
    parser.add_argument("--keep", help="a database that is filled once, and used again")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
