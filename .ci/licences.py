"""
"""
The licences of all that a plain installation brings, in NOTICE; copyleft must be expected.
The licences of all that a plain installation brings, in NOTICE; copyleft must be expected.


    python .ci/licences.py            fail on a surprise, or when NOTICE is out of date
    python .ci/licences.py --write    write NOTICE
    python .ci/licences.py --write    write NOTICE


Licences are read from the metadata of the installed packages (core metadata 2.4:
License-Expression; before: classifiers, then License).
License-Expression; before: classifiers, then License).
"""
"""


from __future__ import annotations


import re
import sys
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from pathlib import Path


from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.utils import canonicalize_name


PROJECT = "critical-minerals-monitor"
NOTICE = Path(__file__).parent.parent / "NOTICE"
NOTICE = Path(__file__).parent.parent / "NOTICE"
COPYLEFT = re.compile(
COPYLEFT = re.compile(
    r"\b(A?L?GPL|GNU|MPL|Mozilla|EPL|Eclipse|CDDL|EUPL|CeCILL|OSL|SSPL|BUSL|CC-BY-SA)", re.IGNORECASE
    r"\b(A?L?GPL|GNU|MPL|Mozilla|EPL|Eclipse|CDDL|EUPL|CeCILL|OSL|SSPL|BUSL|CC-BY-SA)", re.IGNORECASE
)
)
#: Copyleft that was read and may stay: package to the reason.
#: Copyleft that was read and may stay: package to the reason.
EXPECTED = {
EXPECTED = {
    "certifi": "MPL-2.0 covers its own file of certificates, which is not changed",
    "certifi": "MPL-2.0 covers its own file of certificates, which is not changed",

    "pebble": "LGPL-3.0: used as a library that the user can replace",
    "psycopg": "LGPL-3.0: used as a library that the user can replace",
    "psycopg-binary": "LGPL-3.0: used as a library that the user can replace",
    "psycopg-binary": "LGPL-3.0: used as a library that the user can replace",
    "tld": "offered under MPL-1.1 too, which covers its own files",
    "tld": "offered under MPL-1.1 too, which covers its own files",
    "tqdm": "MPL-2.0 covers its own files, which are not changed",
    "tqdm": "MPL-2.0 covers its own files, which are not changed",
}
}
HEAD = """Critical-minerals news monitor
HEAD = """Critical-minerals news monitor
Copyright 2026 its authors
Copyright 2026 its authors


Licensed under the Apache License, Version 2.0 (see LICENSE).


An installation brings these packages under their own licences:


"""


def closure(project: str) -> dict[str, str]:
    """Every package that `project` needs here, to its licence."""
    """Every package that `project` needs here, to its licence."""
    found: dict[str, str] = {}
    found: dict[str, str] = {}
    waiting = [Requirement(project)]
    waiting = [Requirement(project)]
    while waiting:
    while waiting:
        wanted = waiting.pop()
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        name = canonicalize_name(wanted.name)
        if name in found:
        if name in found:
            continue
            continue
        try:
        try:
            package = distribution(wanted.name)
            package = distribution(wanted.name)
        except PackageNotFoundError:
        except PackageNotFoundError:
            continue
            continue
        found[name] = _licence(package.metadata)
        found[name] = _licence(package.metadata)
        extras = wanted.extras or {""}
        extras = wanted.extras or {""}
        for line in package.requires or ():
        for line in package.requires or ():
            needed = Requirement(line)
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(needed)
                waiting.append(needed)
    found.pop(canonicalize_name(project))
    found.pop(canonicalize_name(project))
    return dict(sorted(found.items()))
    return dict(sorted(found.items()))


def _licence(metadata: object) -> str:
    get_all = metadata.get_all  # type: ignore[attr-defined]
    get_all = metadata.get_all  # type: ignore[attr-defined]
    for said in get_all("License-Expression") or ():
    for said in get_all("License-Expression") or ():
        return str(said)
        return str(said)
    classifiers = [
    classifiers = [
        line.rpartition(" :: ")[2]
        line.rpartition(" :: ")[2]
        for line in get_all("Classifier") or ()
        for line in get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    ]
    if classifiers:
    if classifiers:
        return "; ".join(classifiers)
        return "; ".join(classifiers)
    return next(iter(str((get_all("License") or ["unknown"])[0]).splitlines()), "unknown").strip()
    return next(iter(str((get_all("License") or ["unknown"])[0]).splitlines()), "unknown").strip()


def surprises(found: dict[str, str]) -> list[str]:
    """Packages whose licence is copyleft or unknown, and is not expected."""
    """Packages whose licence is copyleft or unknown, and is not expected."""
    return [
    return [
        f"{name}: {licence}"
        f"{name}: {licence}"
        for name, licence in found.items()
        for name, licence in found.items()
        if name not in EXPECTED and (COPYLEFT.search(licence) or licence in {"", "unknown"})
        if name not in EXPECTED and (COPYLEFT.search(licence) or licence in {"", "unknown"})
    ]
    ]


def notice(found: dict[str, str]) -> str:
    """The text of NOTICE."""
    """The text of NOTICE."""
    reasons = {name: f" ({EXPECTED[name]})" for name in found if name in EXPECTED}
    reasons = {name: f" ({EXPECTED[name]})" for name in found if name in EXPECTED}
    lines = (f"- {name}: {licence}{reasons.get(name, '')}" for name, licence in found.items())
    lines = (f"- {name}: {licence}{reasons.get(name, '')}" for name, licence in found.items())
    return HEAD + "\n".join(lines) + "\n"
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """0 when all is expected and NOTICE is right."""
    """0 when all is expected and NOTICE is right."""
    found = closure(PROJECT)
    found = closure(PROJECT)
    bad = surprises(found)
    bad = surprises(found)
    for line in bad:
    for line in bad:
        print(f"unexpected licence: {line}. Replace it, or give a reason in {Path(__file__).name}")
        print(f"unexpected licence: {line}. Replace it, or give a reason in {Path(__file__).name}")
    if "--write" in sys.argv:
    if "--write" in sys.argv:
        NOTICE.write_text(notice(found), encoding="utf-8")
        NOTICE.write_text(notice(found), encoding="utf-8")
    elif not NOTICE.exists() or NOTICE.read_text(encoding="utf-8") != notice(found):
    elif not NOTICE.exists() or NOTICE.read_text(encoding="utf-8") != notice(found):
        print("NOTICE is out of date: python .ci/licences.py --write")
        print("NOTICE is out of date: python .ci/licences.py --write")
        return 1
        return 1
    return 1 if bad else 0
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
    sys.exit(main())
