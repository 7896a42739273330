"""
Scores on labelled items: the real enrich and match stages, in file order, beside simple ways.

`items` reads and checks the file, `predict` runs the stages, `baselines` the simple methods
(`tfidf` and `outside` among them); `asked` says what is measured, by `measures`, `grouping`,
`figures` and `tags`; `scores` puts the table together, with `intervals`; `floors` judges it.
"""

from monitor.evaluate.baselines import Simple, simple
from monitor.evaluate.floors import Floors, below, floors_of, read_floors
from monitor.evaluate.intervals import DRAWS, intervals
from monitor.evaluate.items import read_items
from monitor.evaluate.measures import Baseline, Row
from monitor.evaluate.predict import predict
from monitor.evaluate.progress import Progress
from monitor.evaluate.scores import WAYS, Scores, false_folds, scores

__all__ = [
    "DRAWS",
    "WAYS",
    "Baseline",
    "Floors",
    "Progress",
    "Row",
    "Scores",
    "Simple",
    "below",
    "false_folds",
    "floors_of",
    "intervals",
    "predict",
    "read_floors",
    "read_items",
    "scores",
    "simple",
]
