"""Checks an evidence pack against its manifest, whoever made it and whatever it is."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.deliver.evidence import FORM, MANIFEST
from monitor.errors import BadInput
from monitor.wording import one_line

#: Files in a pack, bytes of its manifest and of all that it unpacks to.
MOST_FILES, MOST_MANIFEST, MOST_BYTES = 100_000, 50_000_000, 4_000_000_000

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What became of a check."""

    #: `s12`, as the manifest says.
    story: str
    files: int
    #: SHA-256 of the manifest itself.
    manifest: str
    #: A line for each file that is not what it should be; empty = all is as it was packed.
    faults: tuple[str, ...]


def verify(path: Path) -> Verified:
    """
    Hold every file against the manifest.

    Raises:
        BadInput: it is no evidence pack, or too large for one.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            entries = _entries(path, pack)
            data = _manifest(path, pack, entries)
            manifest, listed = _read(path, data)
            faults = [*_odd(entries, listed), *_compared(pack, entries, listed)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _no(path, "is no zip, or a damaged one") from error
    except OSError as error:
        raise _no(path, f"cannot be read: {error.strerror or error}") from error
    return Verified(
        story=one_line(str(manifest.get("story", "")), 30),
        files=len(listed),
        manifest=hashlib.sha256(data).hexdigest(),
        faults=tuple(faults),
    )


def _entries(path: Path, pack: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = pack.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise _no(path, "is larger than any evidence pack")
    entries = {info.filename: info for info in infos}
    if len(entries) < len(infos):
        raise _no(path, "has a file twice, which no evidence pack has")
    return entries


def _manifest(path: Path, pack: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> bytes:
    entry = entries.get(MANIFEST)
    if entry is None:
        raise _no(path, f"has no {MANIFEST}: it is no evidence pack")
    if entry.file_size > MOST_MANIFEST:
        raise _no(path, f"has a {MANIFEST} larger than any")
    return pack.read(entry)


def _read(path: Path, data: bytes) -> tuple[dict[str, Any], dict[str, tuple[int, str]]]:
    """The manifest, and the size and hash of each file that it lists."""
    try:
        manifest = json.loads(data)
        listed = {
            str(one["path"]): (int(one["size"]), str(one["sha256"])) for one in manifest["files"]
        }
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _no(path, f"has a {MANIFEST} that cannot be read") from error
    if manifest.get("form") != FORM:
        raise _no(path, "is a pack of another form, or of a newer monitor")
    return manifest, listed


def _odd(
    entries: Mapping[str, zipfile.ZipInfo], listed: Mapping[str, tuple[int, str]]
) -> Iterator[str]:
    for name in sorted(listed.keys() - entries.keys()):
        yield f"{one_line(name, 100)}: is missing"
    for name in sorted(entries.keys() - listed.keys() - {MANIFEST}):
        yield f"{one_line(name, 100)}: was added; the manifest does not list it"


def _compared(
    pack: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    listed: Mapping[str, tuple[int, str]],
) -> Iterator[str]:
    for name in sorted(listed.keys() & entries.keys()):
        size, wanted = listed[name]
        try:
            found = _hash(pack, entries[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            yield f"{one_line(name, 100)}: is damaged"
            continue
        if entries[name].file_size != size or found != wanted:
            yield f"{one_line(name, 100)}: was altered"


def _hash(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    digest = hashlib.sha256()
    with pack.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _no(path: Path, what: str) -> BadInput:
    return BadInput(
        f"{what}.", subject=str(path), advice="Make one: monitor stories pack ID -o FILE.zip"
    )
