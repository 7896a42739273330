"""What else a query could be narrowed to, with counts."""

from __future__ import annotations

from monitor.store.rows import Rows


class FacetRows(Rows):
    """See `ports.Facets`."""
