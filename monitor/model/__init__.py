"""
The nouns: frozen records that travel from stage to stage.

Named by direction of travel: what a publisher said (`news`), what the stages made of it and
hand to the store (`commits`), what we intend (`fetching`), what the store knows (`sources`,
`stored`), what analysts do (`desk`). All times are aware datetimes in UTC. No record does I/O.
"""

from monitor.model.commits import (
    ArticleStored,
    Draft,
    IdentifiedEntry,
    KnownEntry,
    PollRecord,
    PollStored,
)
from monitor.model.fetching import (
    Fetched,
    PageRequest,
    PartRequest,
)
from monitor.model.news import (
    Claim,
    Copy,
    DateEvidence,
    Document,
    Enrichment,
    Entry,
    Mention,
    Page,
    Placement,
    Telling,
)
from monitor.model.sources import (
    Arrivals,
    NewSource,
    Outcome,
    Scope,
    SiteNote,
    Source,
    SourceDay,
    SourceKind,
    SourceState,
    StoredPoll,
    Terms,
)
from monitor.model.stored import (
    Decision,
    Filter,
    ReviewState,
    SearchHit,
    Sighting,
    StoredArticle,
    StoredClaim,
    StoredRevision,
    StoredStory,
)

__all__ = [
    "Arrivals",
    "ArticleStored",
    "Claim",
    "Copy",
    "DateEvidence",
    "Decision",
    "Document",
    "Draft",
    "Enrichment",
    "Entry",
    "Fetched",
    "Filter",
    "IdentifiedEntry",
    "KnownEntry",
    "Mention",
    "NewSource",
    "Outcome",
    "Page",
    "PageRequest",
    "PartRequest",
    "Placement",
    "PollRecord",
    "PollStored",
    "ReviewState",
    "Scope",
    "SearchHit",
    "Sighting",
    "SiteNote",
    "Source",
    "SourceDay",
    "SourceKind",
    "SourceState",
    "StoredArticle",
    "StoredClaim",
    "StoredPoll",
    "StoredRevision",
    "StoredStory",
    "Telling",
    "Terms",
]
