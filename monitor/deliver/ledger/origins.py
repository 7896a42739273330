"""From whom a telling comes; see `monitor.model.origins`, which stories count by too."""

from monitor.model.origins import Origin, origins_of, roots_of

__all__ = ["Origin", "origins_of", "roots_of"]
