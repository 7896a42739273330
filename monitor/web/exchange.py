"""
Exports as files, evidence packs, and edited tables that come back: seen, confirmed, undone.

Files are made whole on disk before the first byte is sent, one export at a time, so that the
pages of others stay quick.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from monitor.deliver import evidence, exports
from monitor.deliver.exports import FORMATS, NOUNS, Chosen
from monitor.deliver.tables import foreign
from monitor.errors import BadInput
from monitor.model import Role, StoredStory
from monitor.parse.pool import Workers
from monitor.ports import Store
from monitor.review.importing import Plan, edits_of
from monitor.review.reading import read_safely
from monitor.review.taking import planned, take
from monitor.web.asked import STATES, read_asked
from monitor.web.desk import desk_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.pages import page, see_other, tell
from monitor.web.refusals import refusal
from monitor.web.waiting import Upload, Waiting
from monitor.wording import one_line

#: Stories are counted so far, and exported.
MOST_COUNTED, MOST_EXPORTED = 1000, 2**40

#: Lines of each kind that a preview shows.
SHOWN = 200

#: Bytes that are sent at once.
CHUNK = 1 << 18

#: Stories that an address may name one by one.
MOST_NAMED = 200

#: Longest number of a story.
_MOST_ID = 10**18

_STORY = re.compile(r"s?\d{1,18}", re.ASCII)

#: Parameters of the export's form that are no part of the query.
_OWN = ("format", "of", "group", "after", "order")


@dataclass(slots=True)
class Counter:
    """What the desk keeps for exports and imports, while it is served."""

    waiting: Waiting = field(default_factory=Waiting)
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    imports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))


async def exchange(request: Request) -> Response:
    """What can be exported, and where an edited table comes back."""
    return await _shown(request)


async def export(request: Request) -> Response:
    """A file of the stories that the query chooses, or that are named: `story=s12`."""
    desk, params = desk_of(request), request.query_params
    form, noun = params.get("format", "xlsx"), params.get("of", "stories")
    exports.check(form, noun)
    query, now = read_asked(_pairs(request)).query, desk.now()
    site = (desk.settings.web.public_url or str(request.base_url)).rstrip("/")
    media, suffix = FORMATS[form]
    named = _named(request)

    def write(store: Store, path: Path) -> None:
        numbers: Sequence[int] = list({_standing(store, number).id: None for number in named})
        if not named:
            numbers = store.chosen_ids(query, now=now, limit=MOST_EXPORTED)
        chosen = Chosen(noun=noun, story_ids=numbers)
        exports.export(store, chosen, form, path, now=now, site=site)

    async with _counter(request).exports:
        with _folder() as folder:
            path = folder / f"export.{suffix}"
            await desk.runner.read(lambda store: write(store, path))
            name = f"s{named[0]}" if len(named) == 1 and noun == "stories" else noun
            return _sent(path, f"{name}-{now:%Y-%m-%d}.{suffix}", media)


async def pack(request: Request) -> Response:
    """The evidence pack of a story."""
    desk, number = desk_of(request), request.path_params["number"]

    def write(store: Store, path: Path) -> int:
        story = _standing(store, number)
        with path.open("wb") as target:
            evidence.write_pack(store, story, target)
        return story.id

    async with _counter(request).exports:
        with _folder() as folder:
            path = folder / "story.zip"
            found = await desk.runner.read(lambda store: write(store, path))
            return _sent(path, f"s{found}.zip", "application/zip")


async def upload(request: Request) -> Response:
    """Read an edited table, and keep what it says until the reader confirms it."""
    reader, desk = require(request, Role.ANALYST), desk_of(request)
    form = await posted(request)
    given = form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return await _shown(request, fault=words_of(request).gettext("No file was chosen."))
    name = one_line(Path(given.filename.replace("\\", "/")).name, 100)
    try:
        found = replace(await _read(request, given, name), at=desk.now())
        _counter(request).waiting.put(reader.name, found)
    except BadInput as error:
        return await _shown(request, fault=refusal(request, error))
    finally:
        await form.close()
    return see_other("/exchange/preview")


async def preview(request: Request) -> Response:
    """What the waiting table would change now."""
    reader, desk = require(request, Role.ANALYST), desk_of(request)
    found = _counter(request).waiting.of(reader.name, now=desk.now())
    if found is None:
        return _gone(request)
    made = await desk.runner.read(lambda store: planned(store, found.edits))
    return _previewed(request, found, made)


async def confirm(request: Request) -> Response:
    """Take what was seen, as one batch."""
    reader, desk = require(request, Role.ANALYST), desk_of(request)
    form = await posted(request)
    waiting = _counter(request).waiting
    found = waiting.of(reader.name, now=desk.now())
    if found is None or form.get("key") != found.key:
        return _gone(request)
    if form.get("action") == "drop":
        waiting.drop(reader.name)
        return tell(
            request, see_other("/exchange"), words_of(request).gettext("Nothing was changed.")
        )
    skip_bad = form.get("skip_bad") == "1"
    if found.faults and not skip_bad:
        return see_other("/exchange/preview")
    taken = await desk.runner.write(
        lambda store: take(store, found.edits, who=reader.name, now=desk.now(), skip_bad=skip_bad)
    )
    if taken.plan.faults and not skip_bad:
        return see_other("/exchange/preview")
    waiting.drop(reader.name)
    words = words_of(request)
    number = len(taken.decisions)
    text = words.ngettext("%(num)d change was taken.", "%(num)d changes were taken.", number)
    if taken.plan.clashes:
        said = text % {"num": number}
        return _previewed(request, found, replace(taken.plan, changes=()), done=said)
    return tell(request, see_other("/exchange"), text % {"num": number}, undo=taken.batch)


async def _shown(request: Request, *, fault: str = "") -> Response:
    desk, reader = desk_of(request), reader_of(request)
    asked, now = read_asked(_pairs(request)), desk.now()
    count = await desk.runner.read(
        lambda store: store.count_lines(asked.query, now=now, most=MOST_COUNTED)
    )
    waits = _counter(request).waiting.of(reader.name, now=now) is not None
    return page(
        request,
        "exchange.html",
        status=400 if fault else 200,
        asked=asked,
        count=count,
        is_more=count >= MOST_COUNTED,
        states=STATES,
        formats=tuple(FORMATS),
        nouns=NOUNS[:3],
        may_import=reader.role.may(Role.ANALYST),
        most_mb=desk.settings.web.max_upload // 1_000_000,
        waits=waits,
        fault=fault,
    )


def _previewed(request: Request, found: Upload, made: Plan, *, done: str = "") -> Response:
    faults = [*found.faults, *made.faults]
    return page(
        request,
        "exchange_preview.html",
        upload=found,
        plan=made,
        faults=faults,
        unchanged=found.untouched + made.unchanged,
        shown=SHOWN,
        done=done,
    )


def _gone(request: Request) -> Response:
    text = words_of(request).gettext("That table waits no longer; nothing was changed.")
    return tell(request, see_other("/exchange"), text)


def _pairs(request: Request) -> list[tuple[str, str]]:
    return [pair for pair in request.query_params.multi_items() if pair[0] not in _OWN]


def _named(request: Request) -> list[int]:
    """
    Stories that an address names one by one.

    Raises:
        BadInput: a name cannot be a story's, or there are too many.
    """
    names = request.query_params.getlist("story")
    if len(names) > MOST_NAMED:
        raise BadInput(f"{len(names)} stories are too many.", advice=f"At most {MOST_NAMED}.")
    for name in names:
        if not _STORY.fullmatch(name):
            raise BadInput("is no story.", subject=one_line(name, 40), advice="Name it like s12.")
    return [int(name.removeprefix("s")) for name in names]


def _standing(store: Store, number: int) -> StoredStory:
    """
    A story as it is now, or what it was merged into.

    Raises:
        HTTPException: there is none.
    """
    story = store.story(number) if number < _MOST_ID else None
    if story is None:
        raise HTTPException(404)
    return story


async def _read(request: Request, given: UploadFile, name: str) -> Upload:
    """
    What an uploaded file says.

    Raises:
        BadInput: it is no table of ours.
    """
    with _folder() as folder:
        path = folder / "upload"
        await run_in_threadpool(_copy, given.file, path)
        async with _counter(request).imports:
            workers = Workers(1)
            try:
                sheet = await read_safely(workers, path, name=name)
            finally:
                await run_in_threadpool(workers.close)
    edits, faults = edits_of(sheet)
    return Upload(
        name=name,
        edits=edits,
        faults=faults,
        untouched=sheet.untouched,
        ignored=foreign(sheet),
        at=desk_of(request).now(),
    )


def _copy(source: IO[bytes], path: Path) -> None:
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK)


def _counter(request: Request) -> Counter:
    """Made with the first request; it lives as long as the site."""
    state = request.app.state
    if not hasattr(state, "exchange"):
        state.exchange = Counter()
    found: Counter = state.exchange
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="monitor-web-") as name:
        yield Path(name)


def _sent(path: Path, name: str, media: str) -> Response:
    """A file that is gone from the disk as soon as it is sent, or is not wanted any more."""
    stream = path.open("rb")
    size = os.fstat(stream.fileno()).st_size
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="{quote(name)}"',
    }
    return StreamingResponse(_pieces(stream), media_type=media, headers=headers)


async def _pieces(stream: IO[bytes]) -> AsyncIterator[bytes]:
    with stream:
        while piece := await run_in_threadpool(stream.read, CHUNK):
            yield piece


routes = [
    Route("/exchange", exchange, name="exchange"),
    Route("/exchange/export", export, name="export"),
    Route("/exchange/import", upload, methods=["POST"], name="import"),
    Route("/exchange/preview", preview, name="import-preview"),
    Route("/exchange/confirm", confirm, methods=["POST"], name="import-confirm"),
    Route("/stories/{number:int}/evidence.zip", pack, name="evidence"),
]
