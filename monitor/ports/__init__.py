"""
What the stages may ask of the store, as a Protocol that both databases implement.

Every method is synchronous and runs in one transaction of its own; async callers
reach it through `monitor.store.runner`. Nothing here names SQL.
"""

from monitor.ports.instruments import Instruments
from monitor.ports.journey import Identities, Neighbours, Writes
from monitor.ports.ledger import Ledger
from monitor.ports.outbox import Outbox
from monitor.ports.reading import Exchange, Facets, Overview, Reads
from monitor.ports.reviewing import Inbox, Reviews, Views
from monitor.ports.store import Runner, Store
from monitor.ports.users import Users
from monitor.ports.watching import History, Sources

__all__ = [
    "Exchange",
    "Facets",
    "History",
    "Identities",
    "Inbox",
    "Instruments",
    "Ledger",
    "Neighbours",
    "Outbox",
    "Overview",
    "Reads",
    "Reviews",
    "Runner",
    "Sources",
    "Store",
    "Users",
    "Views",
    "Writes",
]
