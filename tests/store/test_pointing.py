"""What articles point to, through the real matcher and both databases."""

from dataclasses import replace

import pytest

from monitor.model import Filter
from monitor.placing import match_and_commit
from tests.store.records import draft, entry_of, hours, item, poll, source

AGENCY = (
    "The ministry in the capital said on Tuesday that it would grant the company a licence. "
    "Drilling last summer found ore over 42 metres at a depth of 310 metres. Local officials "
    "expect 850 jobs when the concentrator starts. The nearest port lies 1,900 kilometres away."
)
#: One of those sentences, among words of its own.
RETOLD = (
    "Local officials expect 850 jobs when the concentrator starts. Farmers in the valley met the "
    "governor to ask who would pay for the new wells that the village has wanted for many years."
)
FIRST = "https://agency.example/licence"


def met(database, key, at, url="", **more):
    """The monitor meets an article of another outlet."""
    source_id, _ = database.add_source(source(), now=hours(0))
    seen = item(key)
    links = more.get("links", ())
    database.commit_poll(poll(source_id, replace(seen, entry=replace(seen.entry, links=links))))
    address = url or f"https://{key}.example/1"
    made = draft(
        source_id,
        entry_of(database, source_id, key),
        address,
        published_at=hours(at),
        seen_at=hours(at),
        site=key,
        claims=(),
        **more,
    )
    return match_and_commit(database, made, None)


def edges(database):
    """Article to the one that it copies, and why."""
    (*found,) = database.articles(Filter(limit=20, include_irrelevant=True))
    return {a.site: (a.copy.original_id, a.copy.why) if a.copy else None for a in found}


@pytest.mark.parametrize("relevant", [True, False])
def test_a_canonical_link_elsewhere_is_evidence(database, relevant):
    """A syndicated text of which little is the same is a copy, whichever of the two came first."""
    met(database, "agency", 0, FIRST, text=AGENCY, relevant=relevant)
    late = met(database, "partner", 2, text=RETOLD, canonical_url=FIRST, relevant=relevant)
    assert late.is_copy
    number, why = edges(database)["partner"]
    assert number == 1
    assert why.endswith("its canonical link is the address of a1")


def test_a_syndicated_text_that_was_met_before_its_source(database):
    """The source, met later, is found by who points to it, and becomes the original."""
    met(database, "partner", 0, text=RETOLD, canonical_url=FIRST)
    late = met(database, "agency", 3, FIRST, text=AGENCY)
    assert late.is_copy, "one of the two is folded"
    assert edges(database)["agency"] is None
    number, why = edges(database)["partner"]
    assert number == late.article_id
    assert "its canonical link is the address of it" in why


@pytest.mark.parametrize("is_post_first", [True, False])
def test_a_post_and_the_article_that_it_links_to(database, is_post_first):
    """They share no words, and stand in one development, with the reason shown."""
    post = {"title": "They got it", "text": "Big day for the steppe. Read here.", "links": (FIRST,)}
    story = {"url": FIRST, "title": "Licence for the mine", "text": AGENCY}
    if is_post_first:
        one, other = met(database, "post", 0, **post), met(database, "agency", 1, **story)
        why = "a1 points to it"
    else:
        one, other = met(database, "agency", 0, **story), met(database, "post", 1, **post)
        why = f"it points to a1: {FIRST}"
    assert one.development_id == other.development_id
    assert database.article(other.article_id).placement_reasons == (why,)


def test_a_forward_of_a_short_message(database):
    """A message too short to be judged by its words is a copy of what it was forwarded from."""
    text = "Stake of 70 % sold in the steppe today."
    met(database, "channel", 0, "https://t.me/channel/7", text=text)
    bare = met(database, "echo", 1, "https://t.me/echo/1", text=text)
    assert not bare.is_copy
    forward = {"forwarded_from": "channel", "links": ("https://t.me/channel/7",)}
    met(database, "third", 2, "https://t.me/third/2", text=text, **forward)
    number, why = edges(database)["third"]
    assert number == 1
    assert why.endswith("it links to a1")
