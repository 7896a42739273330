"""Rules from their making to what they change: as articles are stored, and over what is stored."""

import asyncio
import json
from contextlib import closing
from dataclasses import replace

import pytest

from monitor import drafts
from monitor.deliver import rule_orders
from monitor.deliver.alert_queue import prepare
from monitor.deliver.cards import refresh
from monitor.jobs.rescoring import TOGETHER, order_for, rescore
from monitor.model import Choice, Filter, NewSource, Recipient, SourceKind
from monitor.model.rescoring import RescoreQuery, RescoreTally
from monitor.model.rules import NewRule, RuleAction
from monitor.parse.pool import Workers
from monitor.placing import match_and_commit
from monitor.store import open_database
from monitor.store.runner import Runner
from tests.cli.desk import run
from tests.store.records import NOW, entry_of, hours, item, poll
from tests.world import prose

#: As `relevance.threshold` is by default.
THRESHOLD = 0.5

#: Samples: an article about a mine, one that names a mineral in passing, one about nothing of it.
MINE = (
    "Sample Cove sells tungsten mine in Kazakhstan",
    "Sample Cove will sell a stake of 70 % in the tungsten mine to a buyer in Almaty.",
)
FAINT = ("A walk by the river Quabako", "Painters of Quabako met for lunch beside the old bridge.")


SOURCE = NewSource(
    name="Sample feed", kind=SourceKind.FEED, url="https://ores.example/feed", language="en"
)


@pytest.fixture
def store(sqlite_url):
    """A store with one source."""
    database = open_database(sqlite_url)
    database.add_source(SOURCE, now=NOW)
    yield database
    database.close()


@pytest.fixture(scope="module")
def workers():
    """One worker, shared: it takes a moment to start."""
    pool = Workers(1)
    yield pool
    pool.close()


def put(store, *told, at=NOW):
    """Store articles as the pipeline does, with the rules that act; their numbers."""
    (source,) = store.sources()
    numbers = []
    for title, text in told:
        key = str(store.counts()["entries"])
        one = item(key, title)
        one = replace(one, entry=replace(one.entry, content=text, published_at=at))
        store.commit_poll(poll(source.id, one, at=at))
        entry_id = entry_of(store, source.id, key)
        unread = drafts.from_entry(source, entry_id, one.entry, {}, seen_at=at)
        (draft,) = drafts.read_all([unread], threshold=THRESHOLD, acting=store.acting_rules())
        with store.together():
            numbers.append(match_and_commit(store, draft, None).article_id)
    return numbers


def add(store, expression, action, value="", *, name="Sample", rule_id=0):
    """Make a rule, or a new version of one."""
    new = NewRule(name=name, expression=expression, action=action, value=value)
    return rule_orders.save_rule(store, rule_id, new, who="ann", now=NOW)


def read_again(
    store, workers, *, is_kept, tell=lambda _: None, progress=lambda _d, _t: None, **more
):
    """Read what is stored again; what came of it."""
    tally, runner = RescoreTally(), Runner(store)

    async def work():
        order = await order_for(
            runner, RescoreQuery(), threshold=THRESHOLD, is_kept=is_kept, **more
        )
        await rescore(order, runner, workers, tally=tally, tell=tell, progress=progress)

    try:
        asyncio.run(work())
    finally:
        runner.close()
    return tally


def standing(store, article_id):
    """(relevant, score, the reasons that are of rules)."""
    said = store.article(article_id).enrichment
    return said.relevant, said.relevance, [r for r in said.reasons if "rule r" in r]


def facts(store):
    """All that a reader sees of articles, by their number."""
    found = store.articles(Filter(include_irrelevant=True, limit=1000))
    return {a.id: (a.enrichment.relevant, a.enrichment.relevance, set(a.enrichment.reasons),
                   set(a.enrichment.minerals), {c.claim.kind for c in a.claims}) for a in found}  # fmt: skip


def test_a_rule_altered_alters_the_decision_and_its_reason(store, workers):
    """As articles are stored, and over what is stored: the value shown is the value used."""
    rule = add(store, "title:Quabako", RuleAction.RAISE, "0.60")
    (one,) = put(store, FAINT)
    plain = standing(store, one)[1] - 0.6
    assert standing(store, one) == (True, pytest.approx(plain + 0.6), ["+0.60 rule r1 'Sample'"])
    add(store, "title:Quabako", RuleAction.RAISE, "0.30", rule_id=rule.id)
    tally = read_again(store, workers, is_kept=True)
    assert (tally.changed, tally.no_longer_relevant) == (1, 1)
    assert standing(store, one) == (False, pytest.approx(plain + 0.3), ["+0.30 rule r1 'Sample'"])
    assert [hit.version for hit in store.rule_hits([one])[one]] == [2]


def test_the_preview_is_what_is_kept(store, workers):
    """Article by article; and a second run finds nothing to do."""
    numbers = put(
        store, MINE, FAINT, *((prose.title(n), prose.text(n, sentences=6)) for n in range(8))
    )
    add(store, "title:Quabako", RuleAction.RAISE, "0.60")
    add(store, "claim.kind:stake OR mineral:lithium", RuleAction.TAG, "sample tag", name="Tag")
    add(store, "mineral:tungsten AND country:KZ", RuleAction.MUTE, name="Mute")
    before, told = facts(store), []
    preview = read_again(store, workers, is_kept=False, tell=told.append)
    assert facts(store) == before
    assert preview.becoming_relevant == 1
    assert preview.no_longer_relevant == 1
    kept = read_again(store, workers, is_kept=True)
    after = facts(store)
    assert {c.article.id for c in told} == {n for n in numbers if before[n] != after[n]}
    for change in told:
        assert (change.is_relevant, change.after) == after[change.article.id][:2]
        assert after[change.article.id][2] >= set(change.reasons_gained)
    names = ("read", "changed", "becoming_relevant", "no_longer_relevant", "rescored",
             "figures_gained", "figures_lost", "tags_gained", "tags_lost")  # fmt: skip
    assert [getattr(kept, n) for n in names] == [getattr(preview, n) for n in names]
    assert kept.tagged == sum(len(coming) for coming, _ in preview.story_tags.values()) > 0
    assert read_again(store, workers, is_kept=True).read == 0
    assert read_again(store, workers, is_kept=True, is_all=True).changed == 0


def test_an_interrupt_keeps_what_is_finished(store, workers):
    """And a second run goes on with the rest."""
    count = TOGETHER + 5
    put(
        store,
        *(
            (f"{FAINT[0]} {n}", f"{prose.name(prose.random.Random(n))} {FAINT[1]}")
            for n in range(count)
        ),
    )
    add(store, "title:Quabako", RuleAction.RAISE, "0.60")

    def stop(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_again(store, workers, is_kept=True, progress=stop)
    assert sum(one[0] for one in facts(store).values()) == TOGETHER
    rest = read_again(store, workers, is_kept=True)
    assert (rest.read, rest.becoming_relevant) == (5, 5)
    assert all(one[0] for one in facts(store).values())


def test_another_writer_is_not_in_the_way(database_url, workers):
    """Between two transactions another program stores; neither loses anything."""
    with (
        closing(open_database(database_url)) as store,
        closing(open_database(database_url)) as other,
    ):
        store.add_source(SOURCE, now=NOW)
        put(store, *(FAINT for _ in range(TOGETHER + 1)))
        add(store, "title:Quabako", RuleAction.RAISE, "0.60")
        tally = read_again(
            store, workers, is_kept=True, progress=lambda done, _: done and put(other, MINE)
        )
        assert tally.becoming_relevant == TOGETHER + 1
        assert store.counts()["relevant"] == TOGETHER + 3


def test_what_becomes_relevant_joins_its_story(store, workers):
    """By the matching of a new article; what stands alone stays with what was decided on it."""
    muted = add(store, "text:Almaty", RuleAction.MUTE)
    (hidden,) = put(store, MINE)
    rule_orders.change_rule(store, muted, who="ann", now=NOW, expression="text:Nowhere")
    again = "Sale of the Sample Cove tungsten mine in Kazakhstan announced"
    text = "A 70 % stake in the Kazakhstan tungsten mine of Sample Cove goes to a buyer from the city of Almaty, it said."  # fmt: skip
    (shown,) = put(store, (again, text), at=hours(2))
    assert store.article(hidden).story_id != store.article(shown).story_id
    tally = read_again(store, workers, is_kept=True)
    assert (tally.becoming_relevant, tally.joined) == (1, 1)
    assert store.article(hidden).story_id == store.article(shown).story_id
    assert store.story(1).id == store.article(shown).story_id


def test_a_tag_of_a_rule_follows_the_rule_and_yields_to_analysts(store, workers):
    """It comes with the rule, goes with it, and stays away where an analyst took it off."""
    one, two = put(
        store,
        MINE,
        (
            "Graphite plant for Sample Town",
            "The graphite plant will produce 12,000 tonnes a year, the mining company said.",
        ),
    )
    rule = add(store, "mineral:tungsten OR mineral:graphite", RuleAction.TAG, "watched")
    read_again(store, workers, is_kept=True)
    stories = [store.article(number).story_id for number in (one, two)]
    assert [store.story(number).tags for number in stories] == [("watched",), ("watched",)]
    store.decide([Choice(story_id=stories[0], action="untag", value="watched")], who="ann", now=NOW)
    assert read_again(store, workers, is_kept=True, is_all=True).tagged == 0
    assert store.story(stories[0]).tags == ()
    rule_orders.change_rule(store, rule, who="ann", now=NOW, is_active=False)
    assert read_again(store, workers, is_kept=True).untagged == 1
    assert store.story(stories[1]).tags == ()
    assert [d.who for d in store.decisions(stories[1])] == ["rule r1", "rule r1"]


def test_an_alert_tells_its_recipient(store):
    """Through a view of the rule's own tag; both go with the rule, and come back with it."""
    store.add_recipient(Recipient(id=0, name="desk", target="mailto:desk@post.example"), now=NOW)
    rule = add(store, "mineral:tungsten", RuleAction.ALERT, "desk")
    (one,) = put(store, MINE, at=hours(1))
    assert store.story(store.article(one).story_id).tags == ("rule r1",)
    (alert,) = store.alerts()
    while refresh(store):
        pass
    ready = prepare(store, alert, store.recipients()[0], now=hours(2), public_url="")
    assert MINE[0] in json.dumps(ready.delivery.body)
    gone = rule_orders.change_rule(store, rule, who="ann", now=hours(3), is_active=False)
    assert (store.alerts(), store.views()) == ([], [])
    rule_orders.take_back(store, gone, who="ann", now=hours(4))
    assert [a.name for a in store.alerts()] == ["rule r1"]


def test_a_crawl_asks_the_rules(crawl, url):
    """The command, the daemon and the pages share one pipeline; what it stores shows the rule."""
    run(url, "rules", "add", "All of them", "language:en", "--lower", "0.01")
    assert crawl("--all", "--limit", "1").returncode == 0
    shown = run(url, "articles", "list", "--json").records
    assert shown
    for one in shown:
        assert "-0.01 rule r1 'All of them'" in one["reasons"]
    (listed,) = run(url, "rules", "list", "--json").records
    assert listed["articles"] >= len(shown)
