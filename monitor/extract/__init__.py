"""An article's page: its text, and what it says of itself."""

from monitor.extract.page import extract_page

__all__ = ["extract_page"]
