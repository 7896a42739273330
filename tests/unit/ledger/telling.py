"""Articles that state figures, for tests of the ledger; outlets and deposits are samples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.model import (
    Claim,
    Copy,
    DateEvidence,
    Enrichment,
    StoredArticle,
    StoredClaim,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def claim(value, basis="", *, kind="resource", unit="t", about=(), quote="x", **more) -> Claim:
    """A figure without a meaningful quote."""
    return Claim(
        kind=kind, value=value, unit=unit, basis=basis, subjects=tuple(about), quote=quote,
        start=0, end=len(quote), **more,
    )  # fmt: skip


def telling(
    number, *claims: Claim, site="", copy_of=0, attributed_to="", days=0.0, former=(), **names
) -> StoredArticle:
    """
    An outlet's article that states these figures.

    Args:
        former: figures of its first text, which an edit replaced.
        names: what its words name: minerals, places, companies, countries.
    """
    site = site or f"outlet{number}"
    said = [*((one, False) for one in former), *((one, True) for one in claims)]
    last = 2 if former else 1
    return StoredArticle(
        id=number, url=f"https://o.example/{number}", url_key=f"https://o.example/{number}",
        canonical_url="", title="Tungsten", text="Text", site=site, authors=(),
        published_at=NOW + timedelta(days=days), published_from=DateEvidence.FEED,
        first_seen_at=NOW + timedelta(days=days), source_id=number, source=site, flags=(),
        enrichment=Enrichment(language="en", relevant=True, **names),
        copy=Copy(original_id=copy_of, containment=0.9, why="") if copy_of else None,
        development_id=1, story_id=1, placement_reasons=(), revision=last,
        attributed_to=attributed_to,
        claims=tuple(
            StoredClaim(
                id=100 * number + at, article_id=number, revision=last if is_current else 1,
                site=site, language="en", claim=one, is_current=is_current,
            )
            for at, (one, is_current) in enumerate(said)
        ),
    )  # fmt: skip


def told(*claims: Claim, **names) -> list[StoredArticle]:
    """Each figure by an outlet of its own."""
    return [telling(number, one, **names) for number, one in enumerate(claims, start=1)]
