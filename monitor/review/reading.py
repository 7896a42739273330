"""Reads an edited spreadsheet without trusting it: in a worker, within time and memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from monitor.errors import BadInput, Permanent
from monitor.review.importing import Sheet
from monitor.review.sheets import TIME_S, read_sheet


class Workers(Protocol):
    """Processes that can be killed: `parse.pool.Workers`."""

    async def run(
        self, fn: Callable[..., Any], *args: Any, timeout_s: float = 0.0, **kwargs: Any
    ) -> Any:
        """The value of a function, computed in a worker."""
        ...


async def read_safely(workers: Workers, file: Path, *, name: str = "") -> Sheet:
    """
    What the file says of stories.

    Args:
        name: what the user calls it.

    Raises:
        BadInput: it cannot be used, with the reason.
        Unusable: no worker can be started.
    """
    shown = name or file.name
    try:
        sheet: Sheet = await workers.run(read_sheet, str(file), timeout_s=TIME_S)
    except BadInput as error:
        raise BadInput(error.message, subject=shown, advice=error.advice) from error
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}.", subject=shown) from error
    except Permanent as error:
        raise BadInput(
            "cannot be read: it takes more time or memory than any table of ours, or is damaged.",
            subject=shown,
            advice="Save it anew as .xlsx or CSV, with the table of stories alone.",
        ) from error
    return sheet
