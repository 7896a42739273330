"""
The ledger of figures: what is stated, by whom, and what the statements are to each other.

`bases` converts, `sides` gathers who states one figure and counts independent tellings,
`verdicts` holds the rules by which two are compared, `matters` puts figures of one subject side
by side, `rows` and `placed` tell of each figure; `disagreements`, `corrections` and `stated` are
what shorter accounts take from it.
"""

from monitor.deliver.ledger.corrections import (
    Correction,
    correction_text,
    corrections,
    corrections_of,
)
from monitor.deliver.ledger.disagreements import (
    Disagreement,
    contradictions,
    disagreements,
    sides_text,
)
from monitor.deliver.ledger.matters import Dispute, Entry, Ledger, Matter, ledger_of, side_text
from monitor.deliver.ledger.placed import NOWHERE, Placed, Placing, placed
from monitor.deliver.ledger.rows import rows_of
from monitor.deliver.ledger.sides import Side, Statement, Verdict
from monitor.deliver.ledger.stated import Stated, stated

__all__ = [
    "NOWHERE",
    "Correction",
    "Disagreement",
    "Dispute",
    "Entry",
    "Ledger",
    "Matter",
    "Placed",
    "Placing",
    "Side",
    "Stated",
    "Statement",
    "Verdict",
    "contradictions",
    "correction_text",
    "corrections",
    "corrections_of",
    "disagreements",
    "ledger_of",
    "placed",
    "rows_of",
    "side_text",
    "sides_text",
    "stated",
]
