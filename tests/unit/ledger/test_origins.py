"""Independent tellings are counted, not outlets."""

from monitor.deliver.ledger import Verdict, ledger_of
from monitor.model.origins import origins_of
from tests.unit.ledger.telling import claim, telling

STAKE = claim(70, kind="stake", unit="%")


def test_copies_and_what_names_one_agency_are_one_origin():
    """Of seven outlets two are origins: the agency, and one that names nobody."""
    articles = [
        telling(1, STAKE, site="Sample Wire"),
        telling(2, STAKE, copy_of=1),
        telling(3, STAKE, attributed_to="sample  WIRE"),
        telling(4, STAKE, attributed_to="Sample Wire"),
        telling(5, STAKE, copy_of=4),
        telling(6, STAKE, site="Own Gazette"),
        telling(7, STAKE, site="Own Gazette", days=1),
    ]
    (entry,) = ledger_of(articles).matters[0].entries
    assert (entry.verdict, entry.outlets, entry.origins) == (Verdict.AGREED, 6, 2)
    assert entry.side.origins == ("Sample Wire", "Own Gazette")


def test_one_origin_is_no_agreement():
    """However many outlets repeat it."""
    articles = [telling(1, STAKE), *(telling(n, STAKE, copy_of=1) for n in range(2, 9))]
    (entry,) = ledger_of(articles).matters[0].entries
    assert (entry.verdict, entry.outlets, entry.origins) == (Verdict.ONE_ORIGIN, 8, 1)


def test_a_copy_of_what_is_not_here_is_its_own_origin():
    """Nor is a ring of copies endless."""
    ring = [
        telling(1, STAKE, copy_of=2),
        telling(2, STAKE, copy_of=1),
        telling(3, STAKE, copy_of=9),
    ]
    assert len({origin.key for origin in origins_of(ring).values()}) <= 3


def test_what_says_less_tells_the_same_figure():
    """Who leaves out basis, stage, class and date agrees; what is merged says all of it."""
    full = claim(410_000, "W", stage="binding", standard="JORC", category="indicated", as_of="2025")
    bare = claim(410_000)
    (entry,) = ledger_of([telling(1, bare), telling(2, full, days=1)]).matters[0].entries
    side = entry.side
    assert (side.basis, side.standard, side.category, side.as_of, side.first.article.id) == (
        "W", "JORC", "indicated", "2025", 1,
    )  # fmt: skip
