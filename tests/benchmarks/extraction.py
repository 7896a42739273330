"""
Extraction against gold, ours and trafilatura's default in the same run.

    python -m tests.benchmarks.extraction FOLDER

FOLDER holds `*.html.gz` with a `.json` of the same name: `url`, `main_content`, and
`publish_date` where known. F1 is the mean over pages of the harmonic mean of precision and
recall over the bag of 4-word shingles, as the article extraction benchmark of Zyte (2019)
counts it. Dates count as right when the day is.
"""

import gzip
import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from htmldate import find_date

from monitor.errors import MonitorError
from monitor.extract import extract_page

WORD = re.compile(r"\w+")


def bag(text):
    """Shingles of four words with their counts."""
    words = WORD.findall(text.lower())
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def f1(gold, said):
    """Harmonic mean of precision and recall over shingles."""
    one, other = bag(gold), bag(said)
    both = sum((one & other).values())
    return 2 * both / (sum(one.values()) + sum(other.values())) if one or other else 1.0


def main(folder):
    """Print the scores."""
    now = datetime.now(UTC)
    ours, theirs, dates, their_dates, dated = [], [], 0, 0, 0
    for path in sorted(Path(folder).glob("*.html.gz")):
        gold = json.loads(path.with_name(path.name.removesuffix(".html.gz") + ".json").read_text())
        body = gzip.decompress(path.read_bytes())
        try:
            page = extract_page(body, url=gold["url"], content_type="", now=now, selectors={})
            text, at = page.text, page.published_at
        except MonitorError as error:
            text, at = "", None
            print(path.name, error)
        ours.append(f1(gold["main_content"], text))
        theirs.append(f1(gold["main_content"], trafilatura.extract(body) or ""))
        if day := (gold.get("publish_date") or "")[:10]:
            dated += 1
            dates += bool(at) and at.date().isoformat() == day
            their_dates += find_date(body, url=gold["url"]) == day
    pages = len(ours)
    print(f"pages {pages}: F1 ours {sum(ours) / pages:.4f}, trafilatura {sum(theirs) / pages:.4f}")
    print(f"dates {dated}: right ours {dates}, htmldate {their_dates}")


if __name__ == "__main__":
    main(sys.argv[1])
