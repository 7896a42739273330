"""Articles, revisions, copies, stories, search and review, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.model import Choice, Copy, Filter, Placement, ReviewState
from monitor.store import open_database
from monitor.store.tables import revisions
from tests.store.records import NOW, draft, hours, item, poll, source, stake, stored

SAME = Placement(development_id=1, story_id=1)


def copy_of(number, share=0.9):
    """A placement as a copy."""
    return Placement(copy=Copy(original_id=number, containment=share, why="most of it"))


def test_a_new_article(database):
    """What was committed comes back whole, with its story."""
    result = stored(database)
    assert (result.is_new, result.is_new_story, result.claims) == (True, True, 1)
    article = database.article(result.article_id)
    assert article.enrichment.claims == (stake(),)
    assert article.enrichment.mentions[0].concept == "tungsten"
    assert article.published_at == NOW
    assert [s.url for s in article.sightings] == ["https://ores.example/g1"]
    story = database.story(result.story_id)
    assert (story.title, story.outlets, story.languages) == ("Ore sold", ("ores.example",), ("en",))


def test_a_forward_names_its_origin(database):
    """Where a message was forwarded from stands beside where it was seen."""
    source_id, _ = database.add_source(source(), now=NOW)
    seen = item("f")
    seen = replace(seen, entry=replace(seen.entry, forwarded_from="Ore “Channel”, Алтай"))
    entry_id = next(iter(database.commit_poll(poll(source_id, seen)).entry_ids.values()))
    made = database.commit_article(
        draft(source_id, entry_id), Placement(), bands=(), tokens=(), page_id=None
    )
    (sighting,) = database.article(made.article_id).sightings
    assert sighting.forwarded_from == "Ore “Channel”, Алтай"


def test_the_same_article_again(database):
    """Committing the same draft again stores nothing new."""
    stored(database)
    before = database.counts()
    again = stored(database)
    assert (again.is_new, again.is_revised, again.claims) == (False, False, 0)
    assert database.counts() == before
    assert database.token_counts(["t"]) == ({"t": 1}, 1)


@pytest.mark.parametrize(
    ("more", "change"),
    [
        ({"text": "the mine was sold, for a song to a company that nobody KNOWS"}, "cosmetic"),
        ({"text": "The mine was sold for a song to a company that everybody knows."}, "text"),
        (
            {"text": "The mine was sold for 75 % less to some.", "claims": (stake(75.0),)},
            "material",
        ),
    ],
)
def test_an_edited_article(database, more, change):
    """Old texts and figures are kept; what changed is told apart."""
    stored(database)
    result = stored(database, seen_at=hours(2), **more)
    assert (result.is_new, result.is_revised) == (False, True)
    article = database.article(1)
    assert [r.change for r in article.revisions] == ["first", change]
    assert article.revisions[0].text.endswith("that nobody knows.")
    assert [(c.revision, c.is_current) for c in article.claims] == [(1, False), (2, True)]
    assert len(database.search("song", limit=5)) == ("song" in more["text"])
    assert database.story(1).version == 2


@pytest.mark.parametrize("state", ["kept", "dismissed"])
def test_a_retraction_calls_for_attention(database, state):
    """Without any other figure: who was done with the story must look again."""
    stored(database)
    database.decide([Choice(story_id=1, action="state", value=state)], who="ann", now=hours(1))
    text = "The mine was sold for a song to a company that nobody knows."
    stored(database, text=f"{text} More.", seen_at=hours(2))
    assert not database.story(1).needs_attention
    stored(database, text=f"{text} More. This article has been retracted.", seen_at=hours(3))
    assert database.story(1).needs_attention


def test_a_pruned_text_that_is_seen_again_is_no_edit(database):
    """It is known by the hash of what was read."""
    stored(database)
    database.prune(hours(1))
    assert database.article(1).text == ""
    assert not stored(database, seen_at=hours(2)).is_revised
    changed = stored(database, text="The mine was sold for a song to one.", seen_at=hours(3))
    assert changed.is_revised


def test_each_text_is_kept_with_its_hashes(database):
    """Of its characters, its words and its figures; a change of look changes only the first."""
    text = "The mine was sold for a song to a company that nobody knows."
    stored(database)
    stored(database, text=text.upper(), seen_at=hours(1))
    with database.reading() as connection:
        first, second = connection.execute(sa.select(revisions).order_by(revisions.c.number)).all()
    assert first.raw_hash != second.raw_hash
    assert (first.text_hash, first.claims_hash) == (second.text_hash, second.claims_hash)
    assert all(len(part) == 64 for part in (first.raw_hash, first.text_hash, first.claims_hash))


def test_a_poorer_sighting(database):
    """A summary elsewhere does not replace the full text."""
    stored(database)
    result = stored(database, text="The mine was sold.", flags=("summary_only",))
    assert not result.is_revised
    assert database.article(1).text.endswith("knows.")


def test_an_alias(database):
    """The address that a feed showed leads to the article of the canonical one."""
    database.add_source(source(), now=NOW)
    ids = database.commit_poll(poll(1, item("amp"))).entry_ids
    from tests.store.records import draft

    database.commit_article(
        draft(1, ids["p:amp:0"], "https://ores.example/g1"),
        Placement(),
        bands=(),
        tokens=(),
        page_id=None,
    )
    keys = ["https://ores.example/amp", "https://ores.example/g1", "https://ores.example/other"]
    assert database.known_articles(keys) == dict.fromkeys(keys[:2], 1)


def test_copies_stand_with_their_original(database):
    """A copy joins its original's story, and the story counts it as no telling."""
    stored(database)
    result = stored(database, "g2", copy_of(1), site="copycat.example")
    assert (result.is_copy, result.story_id, result.development_id) == (True, 1, 1)
    stored(database, "g3", copy_of(2))
    story = database.story(1)
    assert [a.copy and a.copy.original_id for a in story.articles] == [None, 1, 1]
    assert [a.id for a in story.originals] == [1]
    assert [t.article_id for t in database.copies_of(1)] == [1, 2, 3]


def test_an_earlier_original(database):
    """When an earlier text arrives, all copies turn to it."""
    stored(database)
    stored(database, "g2", copy_of(1))
    edge = Copy(original_id=0, containment=0.8, why="later")
    turned = Placement(development_id=1, story_id=1, turned={1: edge, 2: edge})
    third = stored(database, "g3", turned, published_at=hours(-2))
    story = database.story(1)
    assert {a.id: a.copy and a.copy.original_id for a in story.articles} == {3: None, 1: 3, 2: 3}
    assert third.is_copy, "one more article is folded, though another one"


def test_no_copy_after_all(database):
    """An analyst's word undoes a fold, and no later original takes it back."""
    stored(database)
    stored(database, "g2", copy_of(1))
    database.retract_copy(2, who="ann", now=hours(1))
    article = database.article(2)
    assert article.copy is None
    assert article.development_id != 1
    assert "ann says" in article.placement_reasons[0]
    edge = Copy(original_id=0, containment=0.8, why="later")
    stored(database, "g3", Placement(development_id=1, story_id=1, turned={1: edge, 2: edge}))
    assert database.article(2).copy is None
    assert database.article(1).copy.original_id == 3


def test_developments_of_a_story(database):
    """A further development joins its story; the story grows a version."""
    stored(database)
    result = stored(database, "g2", Placement(story_id=1), seen_at=hours(30))
    assert (result.story_id, result.is_new_story) == (1, False)
    story = database.story(1)
    assert len(story.developments) == 2
    assert (story.updated_at, story.version) == (hours(30), 2)


def test_news_of_a_dismissed_story(database):
    """A development brings a dismissed story back into view; another copy does not."""
    stored(database)
    database.review(1, action="state", value="dismissed", who="ann", now=NOW)
    stored(database, "g2", copy_of(1), seen_at=hours(1))
    assert database.stories_changed_since(NOW, limit=9) == []
    stored(database, "g3", Placement(story_id=1), seen_at=hours(2))
    (story,) = database.stories_changed_since(NOW, limit=9)
    assert (story.state, story.needs_attention) == (ReviewState.DISMISSED, True)


def test_decisions_and_undo(database):
    """Every decision is logged, undo takes back the newest, and an outdated version is refused."""
    stored(database)
    version = database.story(1).version
    database.review(1, action="state", value="kept", who="ann", now=NOW, version=version)
    with pytest.raises(BadInput, match="changed since you looked"):
        database.review(1, action="state", value="dismissed", who="bob", now=NOW, version=version)
    database.review(1, action="note", value="ask", who="ann", now=NOW)
    database.review(1, action="tag", value="w", who="ann", now=NOW)
    database.review(1, action="assign", value="bob", who="ann", now=NOW)
    story = database.story(1)
    assert (story.state, story.notes, story.tags, story.assignee) == (
        ReviewState.KEPT,
        ("ask",),
        ("w",),
        "bob",
    )
    for _ in range(4):
        assert database.undo_review(who="ann", now=NOW)[0].undone
    story = database.story(1)
    assert (story.state, story.notes, story.tags, story.assignee) == (ReviewState.NEW, (), (), "")
    assert database.undo_review(who="ann", now=NOW) == []
    assert [d.action for d in database.decisions(1)] == [
        "state",
        "note",
        "tag",
        "assign",
        *["undo"] * 4,
    ]


@pytest.mark.parametrize(
    ("story", "action", "value"), [(9, "note", "x"), (1, "burn", "x"), (1, "state", "lost")]
)
def test_decisions_that_make_no_sense(database, story, action, value):
    """No such story, no such decision, no such state: one clear line."""
    stored(database)
    with pytest.raises(BadInput):
        database.review(story, action=action, value=value, who="ann", now=NOW)


def test_merged_stories(database):
    """The old id leads to the merged story; states that differ ask for a look."""
    stored(database)
    stored(database, "g2")
    database.review(2, action="state", value="kept", who="ann", now=NOW)
    database.merge_stories(1, 2, who="ann", now=hours(1))
    story = database.story(2)
    assert (story.id, len(story.articles), story.state) == (1, 2, ReviewState.NEEDS_CHECK)
    assert [s.id for s in database.stories(Filter())] == [1]
    assert stored(database, "g3", Placement(story_id=2)).story_id == 1


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (Filter(), [2, 1]),
        (Filter(include_irrelevant=True), [3, 2, 1]),
        (Filter(mineral="Tungsten"), [1]),
        (Filter(mineral="tin"), [2]),
        (Filter(country="KZ", language="ru"), [2]),
        (Filter(company="cove capital", limit=1), [2]),
        (Filter(since=hours(1)), [2]),
        (Filter(search="руды"), [2]),
        (Filter(search="?!"), []),
        (Filter(state=ReviewState.KEPT), [1]),
        (Filter(source_id=1), [2, 1]),
        (Filter(source_id=7), []),
        (Filter(min_relevance=0.95), []),
        (Filter(event="quota"), []),
    ],
)
def test_filters(database, query, numbers):
    """Each filter narrows articles, newest first, and stories alike."""
    stored(database)
    stored(
        database,
        "g2",
        language="ru",
        minerals=("tin",),
        text="Продажа руды",
        published_at=hours(2),
        seen_at=hours(3),
    )
    stored(database, "g3", relevant=False, published_at=hours(3), seen_at=hours(3))
    database.review(1, action="state", value="kept", who="ann", now=NOW)
    assert [a.id for a in database.articles(query)] == numbers
    assert {s.id for s in database.stories(query)} == set(numbers)


def test_search(database):
    """Case, accents and inflection do not hide a word; ideographs are found inside runs."""
    stored(database, "g1", title="Ёлка", text="Запасы вольфрама и Größe")
    stored(database, "g2", title="中国宣布钨矿出口管制", text="商务部公告", seen_at=hours(1))

    def found(words):
        return [hit.article_id for hit in database.search(words, limit=9)]

    assert found("вольфрам") == found("ВОЛЬФРАМА") == found("grosse") == found("елка") == [1]
    assert found("钨矿") == found("出口 商务") == [2]
    assert found("钨口") == []
    assert found("запасы 钨矿") == []
    (hit,) = database.search("вольфрам", limit=9)
    assert hit.snippet == "Запасы \u2068вольфрама\u2069 и Größe"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    st.one_of(
        st.text(max_size=60), st.sampled_from(['"', "a AND", "NEAR(", "*", "a:b", "-", "&|!<->"])
    )
)
def test_no_query_is_an_error(database_url, words):
    """Whatever is searched for, the answer is a list."""
    database = open_database(database_url)
    try:
        assert isinstance(database.search(words, limit=3), list)
        assert isinstance(database.articles(Filter(search=words)), list)
    finally:
        database.close()


def test_neighbours(database):
    """Band keys and tokens find articles, those sharing most first, within the window."""
    stored(database, "g1", bands=(1, 2, 3), tokens=("a", "b"))
    stored(database, "g2", bands=(3, 4), tokens=("b", "c"), published_at=hours(-100))
    assert [t.article_id for t in database.near_copies([1, 3], limit=9)] == [1, 2]
    assert [t.article_id for t in database.near_copies([4], limit=9)] == [2]
    window = {"since": hours(-1), "until": hours(1), "limit": 9}
    assert [t.article_id for t in database.related(["a", "b", "c"], **window)] == [1]
    wide = window | {"since": hours(-200)}
    assert [t.article_id for t in database.related(["b", "c"], **wide)] == [2, 1]
    assert database.token_counts(["a", "b", "z"]) == ({"a": 1, "b": 2}, 2)
    telling = database.near_copies([1], limit=1)[0]
    assert telling.enrichment == database.article(1).enrichment


def test_digests(database):
    """The time of the last digest is remembered."""
    assert database.last_digest_at() is None
    database.record_digest(now=NOW)
    database.record_digest(now=hours(2))
    assert database.last_digest_at() == hours(2)
