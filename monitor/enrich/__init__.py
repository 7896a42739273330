"""What an article's words say: language, minerals, names, events, figures, relevance."""

from monitor.enrich.annotate import Enricher

__all__ = ["Enricher"]
