"""A tab that is shown a stranger's words, and everything by which they could show to have run."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.web import browsing

#: Bytes that a page may have, whatever is told on it.
LARGEST = 1_500_000

#: What no page, message or line may hold as it is: controls, and what turns the direction.
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_SENT = re.compile(r'value="[^"]*"')

_CANARY = """
Object.defineProperty(window, "__ran", { set(how) { window.__told("ran in " + location.href); } });
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { window.__told(name); };
"""

#: Looks at every element of a page, and rouses those of strangers.
_PROBE = """(allowed) => {
  const found = [], tell = (el, why) =>
    found.push(why + ": " + el.cloneNode(false).outerHTML?.slice(0, 160));
  const places = ["href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href",
    "ping", "srcdoc", "background", "hx-get", "hx-post", "data-hx-get", "manifest", "code", "archive"];
  const known = new Set(allowed.split(/\\s+/));
  for (const el of document.querySelectorAll("*")) {
    if (!known.has(el.localName)) tell(el, "element");
    if (el.localName === "script" && !el.getAttribute("src")?.startsWith("/static/"))
      tell(el, "script");
    if (el.localName === "meta" && /refresh|policy|cookie/i.test(el.httpEquiv)) tell(el, "meta");
    for (const { name, value } of el.attributes) {
      if (/^(data-)?(on|hx-on|hx-vals|hx-headers|hx-ext|hx-ws)/i.test(name)) tell(el, name);
      if (/^data-hx-/i.test(name)) tell(el, name);
      if (name === "style" && !known.has("@style")) tell(el, name);
      if (!places.includes(name)) continue;
      let url;
      try { url = new URL(value, document.baseURI); } catch { tell(el, "unreadable"); continue; }
      if (!["http:", "https:", "mailto:"].includes(url.protocol)) tell(el, url.protocol);
      if (url.username || url.password) tell(el, "credentials");
      const isLink = el.localName === "a" && name === "href";
      if (url.origin !== location.origin && !isLink) tell(el, "other host");
      if (isLink && url.origin !== location.origin && location.protocol !== "about:" &&
          !/noopener/.test(el.rel)) tell(el, "opener");
    }
  }
  window.addEventListener("click", event => event.preventDefault(), true);
  window.addEventListener("submit", event => event.preventDefault(), true);
  const events = ["mouseover", "mouseenter", "pointerenter", "focus", "focusin", "toggle", "error",
    "load", "animationstart", "begin", "beforetoggle", "beforeinput", "scroll"];
  for (const el of document.querySelectorAll("main *, body:not(:has(main)) *")) {
    for (const name of events) el.dispatchEvent(new Event(name));
    if (!el.closest("form, summary, dialog, [data-item] button")) el.click?.();
  }
  return found.slice(0, 10);
}"""

#: Elements that pages of the site are made of.
OWN = """html head meta title link script body a header svg path rect circle line polyline polygon g
text tspan desc defs use form input nav ul ol li div span main footer button dialog p h1 h2 h3 h4
section article aside details summary label select option optgroup textarea fieldset legend table
thead tbody tfoot tr th td caption colgroup col dl dt dd time bdi b strong em i small code pre kbd
pattern noscript mark ins del abbr blockquote q hr br output progress meter figure figcaption s"""


class Watched:
    """A tab that keeps what should not have happened, with where it did."""

    def __init__(self, running: Browser, **options) -> None:
        self._context = running.new_context(
            viewport={"width": options.pop("width", 1280), "height": 900},
            reduced_motion="reduce",
            **options,
        )
        self.page = self._context.new_page()
        self.faults: list[str] = []
        self._host = ""
        self._context.expose_function("__told", self._blame)
        self._context.add_init_script(_CANARY)
        self.page.on("dialog", self._asked)
        self.page.on("request", self._sent)
        self.page.on("popup", lambda popup: self._blame(f"popup {popup.url}"))
        self.page.on("pageerror", lambda error: self._blame(f"error {error}"))

    def visit(self, url: str) -> str:
        """Open a page, rouse all that strangers could have left there; its HTML."""
        self._host = urlsplit(url).netloc
        answer = self.page.goto(url)
        text = answer.text() if answer else ""
        if len(text.encode()) > LARGEST:
            self._blame(f"{len(text.encode())} bytes")
        # What a form sends back is what it was given, and is shown in a box of its own.
        shown = _SENT.sub("", text)
        if raw := RAW.search(shown):
            at = raw.start()
            self._blame(f"raw {shown[max(0, at - 60) : at + 20]!a}")
        self.look(url)
        return text

    def look(self, url: str = "", *, own: str = OWN) -> None:
        """The same for what the tab shows."""
        where, title = self.page.url, self.page.title()
        for one in self.page.evaluate(_PROBE, own):
            self._blame(one)
        self.page.wait_for_timeout(10)
        if self.page.url != where:
            self._blame(f"went to {self.page.url}")
        if self.page.title() != title or title == "owned":
            self._blame(f"is called {self.page.title()}")
        if url:
            for one in self.page.evaluate(browsing._WIDER):
                self._blame(f"sticks out: {one}")
            if not self.page.locator("h1").first.is_visible():
                self._blame("no h1")

    def show(self, text: str, **options) -> None:
        """Show HTML that came otherwise: a mail, an export."""
        self.page.set_content(text)
        self.look(**options)

    def close(self) -> None:
        """Close it."""
        self._context.close()

    def _blame(self, why: str) -> None:
        self.faults.append(f"{self.page.url[:150]}: {why[:300]}")

    def _asked(self, dialog) -> None:
        self._blame(f"dialog {dialog.message}")
        dialog.dismiss()

    def _sent(self, request) -> None:
        if urlsplit(request.url).netloc not in {self._host, ""}:
            self._blame(f"asked {request.url[:100]}")
