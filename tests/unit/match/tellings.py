"""Articles as the matcher sees them, made from plain words."""

from datetime import UTC, datetime, timedelta

from monitor.model import Enrichment, Mention, Telling

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def telling(
    number=0,
    title="",
    text="",
    *,
    language="en",
    hours=0.0,
    concepts=(),
    claims=(),
    development=0,
    story=0,
    copy_of=0,
    is_relevant=True,
):
    """`concepts`: "mineral:tungsten" and the like, all taken to stand in the title."""
    mentions = tuple(
        Mention(kind=kind, concept=concept, start=0, end=1, surface=title[:1])
        for kind, _, concept in (one.partition(":") for one in concepts)
    )
    by_kind = {
        kind: tuple(m.concept for m in mentions if m.kind == kind)
        for kind in ("mineral", "country", "company", "deposit", "event")
    }
    return Telling(
        article_id=number,
        source_id=number,
        url=f"https://outlet{number}.example/",
        title=title,
        text=text,
        language=language,
        at=START + timedelta(hours=hours),
        enrichment=Enrichment(
            language=language,
            mentions=mentions,
            minerals=by_kind["mineral"],
            countries=by_kind["country"],
            companies=by_kind["company"],
            places=by_kind["deposit"],
            events=by_kind["event"],
            claims=claims,
            relevant=is_relevant,
        ),
        development_id=development,
        story_id=story,
        copy_of=copy_of,
    )
