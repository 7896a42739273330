"""The system's Chromium, and tabs in it that notice what must not happen on any page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

#: Where Debian, Ubuntu and others put it.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Pixels of a picture, at most: of higher ones the browser paints no more.
HIGHEST = 8000

#: Says whether a page is wider than its window, and what sticks out.
_WIDER = """() => {
  const root = document.documentElement, found = [];
  if (root.scrollWidth <= root.clientWidth) return found;
  for (const one of document.querySelectorAll("body *"))
    if (one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest(".scroll-x"))
      found.push(one.tagName + "." + one.className);
  return found.length ? found.slice(0, 8) : ["wider by " + (root.scrollWidth - root.clientWidth)];
}"""


class NoBrowserError(Exception):
    """Why there is no Chromium here."""


@contextmanager
def browser() -> Iterator[Browser]:
    """
    A running Chromium without a window.

    Raises:
        NoBrowserError: this machine has none.
    """
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise NoBrowserError("no Chromium: install chromium (and fonts-noto-cjk)")
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(
                executable_path=path,
                args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            )
        except Error as error:
            raise NoBrowserError(f"Chromium does not start: {str(error)[:200]}") from error
        yield running
        running.close()


def follow(page: Page, selector: str) -> None:
    """Click, and be there: a click alone does not wait for the answer to a form."""
    with page.expect_navigation():
        page.click(selector)


class Tab:
    """One page in a browser of its own (cookies and all), and what it should not have done."""

    def __init__(
        self, running: Browser, *, width: int = 1280, height: int = 900, **options
    ) -> None:
        self._context = running.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        self.page: Page = self._context.new_page()
        #: Errors and warnings of the console, dialogs, requests to other hosts.
        self.faults: list[str] = []
        self._host = ""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", self._asked)
        self.page.on("request", self._sent)

    def goto(self, url: str) -> Page:
        """Open an address."""
        self._host = self._host or url.split("/")[2]
        self.page.goto(url)
        return self.page

    def wider(self) -> list[str]:
        """What makes the page scroll sideways; empty = it does not."""
        return list(self.page.evaluate(_WIDER))

    def shot(self, path: Path, *, is_whole: bool = True) -> None:
        """
        Keep a picture of the whole page, or of what the window shows of it.

        For a whole page the window is as high as it meanwhile: what sticks to its edges stands
        right, and a phone stays one, which it does not when the browser puts a picture together.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        if is_whole:
            high = self.page.evaluate("() => document.documentElement.scrollHeight")
            high = min(max(high, size["height"]), HIGHEST)
            self.page.set_viewport_size({**size, "height": high})
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size(size)

    def close(self) -> None:
        """Close it."""
        self._context.close()

    def _heard(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _sent(self, request) -> None:
        if self._host and request.url.split("/")[2:3] not in ([self._host], [""]):
            self.faults.append(f"request: {request.url}")
