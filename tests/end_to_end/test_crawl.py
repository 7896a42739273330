"""The one-off crawl, from the command line to the database, over real HTTP."""

import json
import os
import pty
import signal
import subprocess

import pytest

from monitor.model import Filter, Scope
from monitor.store import open_database
from tests.world import program
from tests.world.outlets import Reply

EVERYTHING = Filter(limit=1000, include_irrelevant=True)


def articles(url):
    """All articles, by address."""
    database = open_database(url)
    found = {article.url: article for article in database.articles(EVERYTHING)}
    database.close()
    return found


def counted(done):
    """The summary of `crawl --json`."""
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def test_the_summary_is_the_contract(crawl):
    """`--json` prints one object, with the names and forms that scripts rely on."""
    done = crawl("--json")
    record = counted(done)
    assert done.returncode == 0
    assert done.stderr == ""
    assert record["sources"] == {"polled": 3, "ok": 3, "not_modified": 0, "failed": 0}
    assert record["entries"] == {"seen": 9, "new": 9, "updated": 0}
    assert record["articles"] == {"new": 9, "updated": 0}
    assert set(record) == {
        *("sources", "entries", "articles", "copies", "stories", "claims", "failures", "seconds"),
    }


def test_a_second_crawl_stores_nothing_new(crawl, web):
    """Nothing changed: every feed answers 304, no page is fetched, nothing is new."""
    crawl()
    asked = web.page_hits()
    record = counted(crawl("--all", "--json"))
    assert record["sources"]["not_modified"] == 3
    assert (record["entries"]["new"], record["articles"]["new"]) == (0, 0)
    assert web.page_hits() == asked == 9


def test_an_edited_article_keeps_both_texts(crawl, url, web):
    """A changed item is fetched once more, and becomes a revision of the same article."""
    crawl()
    web.outlets[0].edit(1)
    record = counted(crawl("--all", "--json"))
    assert (record["entries"]["updated"], record["articles"]) == (1, {"new": 0, "updated": 1})
    assert web.page_hits() == 10
    article = articles(url)[web.outlets[0].url(1)]
    assert article.revision == 2
    assert "Corrected" in article.text
    assert counted(crawl("--all", "--json"))["articles"] == {"new": 0, "updated": 0}


def test_a_page_that_is_gone_leaves_the_summary(crawl, url, web):
    """An item whose page can not be had becomes an article of its summary alone."""
    web.outlets[1].lose(0)
    assert counted(crawl("--json"))["articles"]["new"] == 9
    assert articles(url)[web.outlets[1].url(0)].flags == ("summary_only",)


def test_a_page_that_fails_for_now_is_tried_again(crawl, url, web):
    """A page that fails for now stays wanted, and a failed one never loses its item."""
    path = "/news/0.html"
    web.outlets[0].instead[path] = Reply(status=500)
    assert counted(crawl("--json"))["articles"]["new"] == 8
    database = open_database(url)
    assert database.counts()["wanted_pages"] == 1
    database.close()


def test_two_sources_of_one_article(crawl, url, web):
    """A page that another source brought already is not fetched again, only seen again."""
    crawl()
    first, second = web.outlets[:2]
    second.instead["/feed.xml"] = first.reply("/feed.xml")
    asked = web.page_hits()
    record = counted(crawl("--all", "--json"))
    assert (record["entries"]["new"], record["articles"]["new"]) == (3, 0)
    assert web.page_hits() == asked
    assert len(articles(url)[first.url(0)].sightings) == 2


def test_a_failing_source_costs_only_itself(crawl, web):
    """One broken source is named with its cause; the others are done; the status is 1."""
    web.outlets[2].instead["/feed.xml"] = Reply(status=503)
    done = crawl()
    assert done.returncode == 1
    assert "articles  6 new" in done.stdout
    assert "failed    outlet 2: HTTP 503" in done.stderr


def test_one_source_by_name(crawl):
    """`--source` takes an id or a name, and polls that one only, due or not."""
    assert counted(crawl("--source", "outlet 1", "--json"))["sources"]["polled"] == 1
    assert counted(crawl("--source", "2", "--json"))["sources"]["not_modified"] == 1
    unknown = crawl("--source", "nowhere")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)


def test_nothing_is_due(crawl):
    """A second crawl right away says that nothing is due, and what to do."""
    crawl()
    assert "No source is due before" in crawl().stderr


def test_general_sources_are_filtered_before_pages(tmp_path, web):
    """What a general source says about other things is stored, and its page is not fetched."""
    url = f"sqlite:///{tmp_path}/general.sqlite"
    outlet = web.outlets[0]
    outlet.instead["/feed.xml"] = Reply(
        body=b"<rss><channel><item><title>Local team wins the cup</title><link>"
        + outlet.url(0).encode()
        + b"</link><description>A football match.</description></item></channel></rss>",
        kind="application/rss+xml",
    )
    program.prepare(url, web, Scope.GENERAL)
    record = counted(program.run(url, "crawl", "--source", "1", "--json", folder=tmp_path))
    assert record["articles"]["new"] == 1
    assert web.page_hits() == 0


def test_a_terminal_sees_progress(url, tmp_path):
    """On a terminal a bar is drawn on stderr; stdout stays clean."""
    here, there = pty.openpty()
    child = subprocess.Popen(
        program.command(url, "crawl", "--json"),
        cwd=tmp_path,
        env=program.environment(tmp_path, TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=there,
    )
    os.close(there)
    drawn = b""
    while True:
        try:
            part = os.read(here, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        drawn += part
    os.close(here)
    stdout = child.stdout.read()
    child.stdout.close()
    assert child.wait() == 0
    assert b"crawling" in drawn
    assert json.loads(stdout)["articles"]["new"] == 9


def test_interrupted_crawls_keep_what_is_done(url, web, tmp_path):
    """Ctrl-C ends with 130 and a summary; the next crawl does the rest, each item once."""
    child = subprocess.Popen(
        program.command(url, "-vv", "crawl"),
        cwd=tmp_path,
        env=program.environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = []
    for line in child.stderr:
        said.append(line)
        if "stored a" in line:
            child.send_signal(signal.SIGINT)
            break
    stdout, rest = child.communicate(timeout=60)
    assert child.returncode == 130, rest
    assert "Interrupted. What was finished is kept." in rest
    assert "Traceback" not in rest
    assert "sources   3 polled" in stdout
    assert 1 <= len(articles(url)) < 9
    again = program.run(url, "crawl", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(articles(url)) == 9
    assert web.page_hits() < 9 + 9


@pytest.mark.parametrize("words", [("--limit", "0"), ("--sauce",)])
def test_wrong_usage(crawl, words):
    """Wrong usage ends with 2 and no traceback."""
    done = crawl(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
