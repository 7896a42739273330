"""What an article says of where it comes from: less need be the same, and who is the original."""

from dataclasses import replace

import pytest

from monitor.match import addresses, beside, judge, turned
from tests.unit.match.tellings import telling

AGENCY = (
    "The ministry in the capital said on Tuesday that it would grant the company a licence. "
    "Drilling last summer found ore over 42 metres at a depth of 310 metres. Local officials "
    "expect 850 jobs when the concentrator starts. The nearest port lies 1,900 kilometres away."
)
#: One of the agency's four sentences, among others.
RETOLD = (
    "Local officials expect 850 jobs when the concentrator starts. Farmers in the valley met the "
    "governor to ask who would pay for the new wells that the village has wanted for many years."
)
CORRECTED = AGENCY.replace("over 42 metres", "not over 42 metres but over 44 metres")


def said(one, who, words):
    """The same article, naming its source."""
    return replace(one, enrichment=replace(one.enrichment, attributed_to=who, attribution=words))


@pytest.fixture
def agency():
    """The article of an agency, stored as a1."""
    return said(replace(telling(1, "Licence", AGENCY), site="Reuters"), "Reuters", "")


def test_a_retold_text_alone_is_no_copy(agency):
    """A sentence in common makes no copy."""
    assert judge(telling(0, "Farmers ask", RETOLD, hours=1), [agency]) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"canonical_url": "https://outlet1.example/"}, "its canonical link is the address of a1"),
        ({"links": ("https://www.outlet1.example/",)}, "%"),
        ({"links": ("https://outlet1.example/",)}, "it links to a1"),
        ({"forwarded_from": "REUTERS"}, "forwarded from Reuters"),
    ],
)
def test_less_is_enough_where_it_says_so(agency, change, why):
    """A link, a canonical link, a forward: the reason is shown, and without it there is none."""
    edge = judge(replace(telling(0, "Farmers ask", RETOLD, hours=1), **change), [agency])
    if why == "%":
        assert edge is None, "another address"
        return
    assert edge is not None
    assert why in edge.why


def test_a_named_agency(agency):
    """`Reuters reports` points to Reuters' own text, not to another outlet's."""
    mine = said(telling(0, "Farmers ask", RETOLD, hours=1), "Reuters", "Reuters reports")
    edge = judge(mine, [agency])
    assert edge is not None
    assert edge.why.endswith("it names Reuters as its source: “Reuters reports”")
    elsewhere = replace(agency, site="Third Post", enrichment=mine.enrichment)
    assert judge(mine, [elsewhere]) is None


def test_who_names_its_source_is_no_original(agency):
    """An outlet whose clock runs ahead does not come before the agency that it names."""
    early = said(telling(0, "Licence", AGENCY, hours=-3), "Reuters", "Reuters reports")
    edge = judge(early, [agency])
    assert edge is not None
    assert turned(early, edge, [agency]) == {}
    assert turned(telling(0, "Licence", AGENCY, hours=-3), edge, [agency])


def test_the_named_source_becomes_the_original(agency):
    """What is met later, and is named by what was stored before it, is the original."""
    post = said(telling(1, "Licence", AGENCY), "Reuters", "Reuters reports")
    late = replace(agency, article_id=0, at=post.at.replace(hour=12), url="https://r.example/1")
    edge = judge(late, [post])
    assert edge is not None
    (turn,) = turned(late, edge, [post]).values()
    assert "it names Reuters as its source" in turn.why


def test_a_correction_is_no_copy_whoever_it_names(agency):
    """Another figure is news, even where the text says that it goes back to the first."""
    for change in ({}, {"canonical_url": agency.url}, {"links": (agency.url,)}):
        late = replace(telling(0, "Licence", CORRECTED, hours=2), **change)
        assert judge(late, [agency]) is None


def test_a_page_of_links_goes_back_to_none():
    """Four links may be sources; a list of links is none."""
    links = tuple(f"https://o{number}.example/" for number in range(5))
    assert len(addresses(replace(telling(0), links=links[:4]))) == 4
    assert addresses(replace(telling(0), links=links)) == []


def test_a_canonical_link_within_the_site_says_nothing():
    """It is the article's own address, not its source."""
    one = replace(telling(3), canonical_url="https://outlet3.example/a")
    assert addresses(one) == []


def test_a_post_stands_beside_what_it_links_to():
    """A post in its own words joins the development of the article it points to, and says why."""
    stored = telling(
        4, "Licence for the mine", AGENCY, concepts=["mineral:tungsten"], development=7, story=2
    )
    post = replace(
        telling(0, "They got it!", "Read here.", concepts=["mineral:tungsten"], hours=2),
        links=(stored.url,),
    )
    found = beside(post, [stored])
    assert found is not None
    assert (found.development_id, found.story_id) == (7, 2)
    assert found.reasons == ("it points to a4: https://outlet4.example/",)
    assert beside(replace(post, links=()), [stored]) is None
    other = telling(0, "Gold", "Read here.", concepts=["mineral:gold"], hours=2)
    assert beside(replace(other, links=(stored.url,)), [stored]) is None
    late = replace(post, at=stored.at.replace(day=20))
    assert beside(late, [stored]) is None
