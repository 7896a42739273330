"""
Scores on labelled items: the real enrich and match stages, in file order, with baselines.

`items` reads and checks the file, `predict` runs the stages, `measures` compares, and
`scores` puts the table together.
"""

from monitor.evaluate.items import read_items
from monitor.evaluate.measures import Score, b_cubed, binary, set_score
from monitor.evaluate.predict import predict
from monitor.evaluate.scores import Row, false_folds, scores

__all__ = [
    "Row",
    "Score",
    "b_cubed",
    "binary",
    "false_folds",
    "predict",
    "read_items",
    "scores",
    "set_score",
]
