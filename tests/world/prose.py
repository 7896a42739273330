"""
Sample news, made from a seed: every text differs, so that none is a copy of another.

Names of companies and outlets are inventions; nothing here is news.
"""

from __future__ import annotations

import random

MINERALS = ("tungsten", "lithium", "graphite", "cobalt", "antimony", "gallium", "niobium", "nickel")
VERBS = ("explores", "sells", "mines", "refines", "stockpiles", "exports", "ships", "drills for")
SUBJECTS = ("The company", "The ministry", "A trader", "The owner", "An engineer", "The board")
DEEDS = (
    "said that the {mineral} mine will produce {number} tonnes of concentrate a year",
    "expects a resource of {number} kt of {mineral} at the deposit",
    "signed an offtake agreement for {number} tonnes of {mineral} concentrate",
    "put the capital cost of the {mineral} plant at ${number} million",
    "will hold a stake of {share} % in the {mineral} project",
    "drilled {number} metres north of the {mineral} deposit last {month}",
    "wants to permit the {mineral} processing plant before {month}",
    "hired {number} people for the {mineral} pilot plant",
)
MONTHS = ("January", "March", "April", "June", "July", "September", "October", "December")
SYLLABLES = ("ba", "ko", "ri", "ten", "mu", "sal", "vor", "li", "qua", "ne", "dor", "pim")


def title(seed: int) -> str:
    """A headline."""
    dice = random.Random(seed)
    return (
        f"{name(dice)} Mining {dice.choice(VERBS)} {dice.choice(MINERALS)} "
        f"at the {name(dice)} deposit"
    )


def text(seed: int, *, sentences: int) -> str:
    """Paragraphs of four sentences, between blank lines."""
    dice = random.Random(f"text {seed}")
    made = [_sentence(dice) for _ in range(sentences)]
    return "\n\n".join(" ".join(made[at : at + 4]) for at in range(0, sentences, 4))


def name(dice: random.Random) -> str:
    """A name that nothing has."""
    return "".join(dice.choice(SYLLABLES) for _ in range(3)).capitalize()


def _sentence(dice: random.Random) -> str:
    deed = dice.choice(DEEDS).format(
        mineral=dice.choice(MINERALS),
        number=dice.randrange(100, 99_000),
        share=dice.randrange(5, 95),
        month=dice.choice(MONTHS),
    )
    return f"{dice.choice(SUBJECTS)} of {name(dice)} {name(dice)} {deed}."
