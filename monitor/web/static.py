"""
The site's own files, under addresses that change with their content.

They are packed for browsers that take it. Pages are not: what is packed together with a secret
(the token of forms) tells of it by its length (BREACH), and these files hold none.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent / "static"

#: Content that never changes under its address.
_FOR_EVER = "public, max-age=31536000, immutable"

#: Files that become smaller.
_PACKED = (".css", ".js", ".svg")


@cache
def _files() -> dict[str, str]:
    """Name to the first digits of the content's SHA-256."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(_FOLDER.iterdir())
        if path.is_file()
    }


def address(name: str) -> str:
    """Where a file is found; KeyError when there is none."""
    return f"/static/{_files()[name]}/{name}"


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if _files().get(name) != request.path_params["digest"]:
        return PlainTextResponse("There is no such file.", status_code=404)
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if name.endswith(_PACKED) and "gzip" in request.headers.get("accept-encoding", ""):
        kind = mimetypes.guess_type(name)[0]
        headers["Content-Encoding"] = "gzip"
        return Response(_packed(name), media_type=kind, headers=headers)
    return FileResponse(_FOLDER / name, headers=headers)


@cache
def _packed(name: str) -> bytes:
    return gzip.compress((_FOLDER / name).read_bytes(), mtime=0)


routes = [Route("/static/{digest}/{name}", _file, name="static")]
