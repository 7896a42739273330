"""A sitemap, or an index of them."""

from monitor.parse.sitemap.reader import parse_sitemap

__all__ = ["parse_sitemap"]
