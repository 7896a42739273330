"""
The licences of all that a plain installation brings, in NOTICE; copyleft must be expected.

    python .ci/licences.py            fail on a surprise, or on what NOTICE lacks
    python .ci/licences.py --write    write NOTICE

Licences are read from the metadata of the installed packages (core metadata 2.4:
License-Expression; before: classifiers, then License).
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "critical-minerals-monitor"
NOTICE = Path(__file__).parent.parent / "NOTICE"
COPYLEFT = re.compile(
    r"\b(A?L?GPL|GNU|MPL|Mozilla|EPL|Eclipse|CDDL|EUPL|CeCILL|OSL|SSPL|BUSL|CC-BY-SA)",
    re.IGNORECASE,
)
#: Copyleft that was read and may stay: package to the reason.
EXPECTED = {
    "certifi": "MPL-2.0 covers its own file of certificates, which is not changed",
    "pebble": "LGPL-3.0: used as a library that the user can replace",
    "psycopg": "LGPL-3.0: used as a library that the user can replace",
    "psycopg-binary": "LGPL-3.0: used as a library that the user can replace",
    "tld": "offered under MPL-1.1 too, which covers its own files",
    "tqdm": "MPL-2.0 covers its own files, which are not changed",
}
HEAD = """Critical-minerals news monitor
Copyright 2026 its authors

Licensed under the Apache License, Version 2.0 (see LICENSE).

An installation brings these packages under their own licences:

"""


def closure(project: str) -> dict[str, str]:
    """Every package that `project` needs here, to its licence."""
    found: dict[str, str] = {}
    waiting = [Requirement(project)]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found:
            continue
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        found[name] = _licence(package.metadata)
        waiting += _needs(package.requires or (), wanted.extras or {""})
    found.pop(canonicalize_name(project))
    return dict(sorted(found.items()))


def _needs(lines: list[str] | tuple[()], extras: set[str]) -> list[Requirement]:
    """The requirements that hold here, with these extras."""
    every = [Requirement(line) for line in lines]
    return [
        needed
        for needed in every
        if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras)
    ]


def _licence(metadata: PackageMetadata) -> str:
    for said in metadata.get_all("License-Expression") or ():
        return str(said)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return "; ".join(classifiers)
    said = str((metadata.get_all("License") or ["unknown"])[0])
    return next(iter(said.splitlines()), "unknown").strip()


def surprises(found: dict[str, str]) -> list[str]:
    """Packages whose licence is copyleft or unknown, and is not expected."""
    return [
        f"{name}: {licence}"
        for name, licence in found.items()
        if name not in EXPECTED and (COPYLEFT.search(licence) or licence in {"", "unknown"})
    ]


def notice(found: dict[str, str]) -> str:
    """The text of NOTICE."""
    reasons = {name: f" ({EXPECTED[name]})" for name in found if name in EXPECTED}
    lines = (f"- {name}: {licence}{reasons.get(name, '')}" for name, licence in found.items())
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """0 when all is expected and NOTICE names it."""
    found = closure(PROJECT)
    bad = surprises(found)
    for line in bad:
        print(f"unexpected licence: {line}. Replace it, or give a reason in {Path(__file__).name}")
    if "--write" in sys.argv:
        NOTICE.write_text(notice(found), encoding="utf-8")
        return 1 if bad else 0
    unsaid = sorted(set(notice(found).splitlines()) - set(_noticed()))
    for line in unsaid:
        print(f"NOTICE lacks: {line.removeprefix('- ')}. Write it anew: make docs")
    return 1 if bad or unsaid else 0


def _noticed() -> list[str]:
    """NOTICE as it is; another Python or system may need fewer packages than it names."""
    return NOTICE.read_text(encoding="utf-8").splitlines() if NOTICE.exists() else []


if __name__ == "__main__":
    sys.exit(main())
