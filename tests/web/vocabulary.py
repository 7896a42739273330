"""A page of all classes and behaviours of the design, served beside the site in tests only."""

from __future__ import annotations

from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.web import pages
from monitor.web.gate import posted
from tests.web.world import HOSTILE

ITEMS = (
    (1, "Sample Cove to sell tungsten mine", "new"),
    (2, "Образцовый завод снизит добычу лития на 10 %", "update"),
    (3, "样例公司宣布暂停锑出口许可审批并公布新的管理办法", "corrected"),
    (4, "شركة العينة توقع اتفاقية لتوريد النحاس (2026) مع مصنع", "soft"),
    (5, HOSTILE, "contradiction"),
    (6, "W" * 1_000_000, "warn"),
)


def add_templates() -> None:
    """Let the site's environments find the templates of this folder too."""
    own = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    for code in ("en", "ru", "zh"):
        made = pages.environment(code)
        if not isinstance(made.loader, jinja2.ChoiceLoader):
            made.loader = jinja2.ChoiceLoader([made.loader, own])


async def _sample(request: Request) -> Response:
    return pages.page(request, "vocabulary.html", items=ITEMS, hostile=HOSTILE)


async def _news(_request: Request) -> Response:
    return JSONResponse({"count": 12, "text": "12 new"})


async def _decide(request: Request) -> Response:
    """Keeps; or meets a conflict, a refusal or a fault, as the value says."""
    form = await posted(request)
    number, value = int(request.path_params["number"]), str(form["value"])
    if value == "refused":
        return PlainTextResponse("no", status_code=403)
    if value == "fault":
        return PlainTextResponse("no", status_code=500)
    text = f"Kept {number}" if value == "kept" else f"Ben dismissed {number} meanwhile"
    item = (
        f'<li class="line is-decided" id="s{number}" data-item tabindex="-1"><b>{text}</b>'
        f'<a href="/sample?story={number}" data-key="Enter">open</a></li>'
    )
    answer = Response(item, media_type="text/html", status_code=200 if value == "kept" else 409)
    return pages.tell(request, answer, "Kept.", undo=7) if value == "kept" else answer


async def _undo(request: Request) -> Response:
    form = await posted(request)
    return pages.tell(request, Response("", media_type="text/html"), f"Undone {form['batch']}.")


ROUTES = [
    Route("/sample", _sample),
    Route("/sample/news", _news),
    Route("/sample/decide/{number}", _decide, methods=["POST"]),
    Route("/undo", _undo, methods=["POST"]),
]
