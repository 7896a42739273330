"""
A story as one picture (SVG): who told it, who copied whom, which figures, where they disagree.

No script, no outside font or image; colours follow the reader's light or dark scheme.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape

from monitor.deliver.chapters import first_told, told_at
from monitor.deliver.ledger import contradictions, correction_text, corrections, sides_text, stated
from monitor.model import StoredArticle, StoredStory

#: Width of the picture, its margin and the height of one line, in pixels.
WIDTH, MARGIN, LINE = 960, 28, 22

#: Tellings of one development and figures that find room.
TELLINGS, FIGURES = 9, 8

#: Width of a figure; its quote stands beside it.
FIGURE_WIDTH = 360

#: Mean width of a narrow character, as a share of the font's size.
NARROW = 0.53

_STYLE = """
svg { background: #fff; color-scheme: light dark }
text { font: 14px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; fill: #1b1f24 }
.title { font-size: 20px; font-weight: 650 } .head { font-weight: 650; fill: #57606a }
.soft { fill: #57606a } .copy { font-size: 12px; fill: #57606a }
.badge { font-size: 11px; font-weight: 650; fill: #fff } .badge-box { fill: #0b6e75 }
.quote { font-size: 12.5px; font-style: italic; fill: #57606a }
.bad { fill: #b42318; font-weight: 650 } .rule { stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117 } text { fill: #e6edf3 }
  .soft, .copy, .quote, .head { fill: #9aa4ae } .bad { fill: #ff8a80 } .rule { stroke: #30363d }
}
"""


def story_svg(story: StoredStory) -> str:
    """The picture as an SVG document; texts from strangers are escaped and cut to fit."""
    sheet = _Sheet()
    sheet.text(fit(story.title, 20, WIDTH - 2 * MARGIN), "title", gap=10)
    sheet.text(_summary(story), "soft", gap=12)
    for development in story.developments:
        members = [a for a in story.articles if a.development_id == development]
        _draw_development(sheet, members)
    _draw_figures(sheet, story)
    return sheet.document(story.title)


def fit(text: str, size: float, width: float) -> str:
    """As much of a text on one line as fits a width, estimated; East Asian letters are wide."""
    flat = " ".join("".join(map(_fit_character, text)).split())
    used = 0.0
    for at, character in enumerate(flat):
        used += size * (1.0 if unicodedata.east_asian_width(character) in "WF" else NARROW)
        if used > width:
            return flat[: max(at - 1, 0)].rstrip() + "…"
    return flat


def _fit_character(character: str) -> str:
    """Controls, and characters that XML forbids, are blanks."""
    return " " if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} else character


class _Sheet:
    """Lines from top to bottom."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._y = MARGIN + 6.0

    def text(
        self, text: str, kind: str = "", *, x: float = MARGIN, drop: float = LINE, gap: float = 0.0
    ) -> None:
        """One line; what follows is `drop` pixels lower, and `gap` more."""
        self._parts.append(f'<text x="{x:g}" y="{self._y:g}" class="{kind}">{escape(text)}</text>')
        self._y += drop + gap

    def badge(self, text: str) -> None:
        """A language before the line that comes next."""
        y = self._y
        self._parts.append(
            f'<rect x="{MARGIN}" y="{y - 13:g}" width="30" height="17" rx="4" class="badge-box"/>'
            f'<text x="{MARGIN + 15}" y="{y:g}" text-anchor="middle" class="badge">'
            f"{escape(text)}</text>"
        )

    def rule(self) -> None:
        """A line across."""
        y = self._y - 8
        self._parts.append(
            f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:g}" y2="{y:g}" class="rule"/>'
        )
        self._y += 16

    def document(self, title: str) -> str:
        """The whole picture."""
        height = self._y + MARGIN - LINE
        name = escape(fit(title, 1, 1000))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
            f'width="{WIDTH}" height="{height:g}" role="img" aria-label="{_attribute(name)}">\n'
            f"<title>{name}</title>\n<style>{_STYLE}</style>\n"
            + "\n".join(self._parts)
            + "\n</svg>\n"
        )


def _attribute(escaped: str) -> str:
    return escaped.replace('"', "&quot;")


def _summary(story: StoredStory) -> str:
    minerals = dict.fromkeys(m for a in story.articles for m in a.enrichment.minerals)
    return (
        f"{len(story.articles)} articles · {len(story.outlets)} outlets · "
        f"{len(story.origins)} origins · {' '.join(story.languages)} · {', '.join(minerals)}"
    )


def _draw_development(sheet: _Sheet, members: Sequence[StoredArticle]) -> None:
    originals = [article for article in members if article.copy is None]
    copies: dict[int, list[StoredArticle]] = {}
    for article in members:
        if article.copy:
            copies.setdefault(article.copy.original_id, []).append(article)
    first = f"{told_at(first_told(members)):%Y-%m-%d %H:%M} UTC" if members else ""
    sheet.text(f"Development, first told {first}" if first else "", "head")
    for article in originals[:TELLINGS]:
        _draw_telling(sheet, article, copies.get(article.id, []))
    if (more := len(originals) - TELLINGS) > 0:
        sheet.text(f"and {more} more {'origins' if more > 1 else 'origin'}", "soft", x=MARGIN + 42)
    sheet.rule()


def _draw_telling(sheet: _Sheet, article: StoredArticle, copies: Sequence[StoredArticle]) -> None:
    sheet.badge(article.enrichment.language[:3])
    edited = f" (edited, {article.revision} texts kept)" if article.revision > 1 else ""
    line = f"{article.site}: {article.title}{edited}"
    sheet.text(fit(line, 14, WIDTH - 2 * MARGIN - 42), x=MARGIN + 42)
    if copies:
        names = "; ".join(f"{c.site} {_share(c)}" for c in copies)
        line = f"folded under it as copies, with the share of text: {names}"
        sheet.text(fit(line, 12, WIDTH - 2 * MARGIN - 58), "copy", x=MARGIN + 58)


def _draw_figures(sheet: _Sheet, story: StoredStory) -> None:
    figures = stated(story)
    if not figures:
        return
    sheet.text("Figures, each with its quote", "head")
    x = MARGIN + FIGURE_WIDTH + 10
    for figure in figures[:FIGURES]:
        count = len(figure.sites)
        outlets = f"{count} outlets" if count > 1 else figure.sites[0]
        sheet.text(fit(f"{figure.text}: {outlets}", 14, FIGURE_WIDTH), drop=0)
        sheet.text(fit(f"“{figure.quote}”", 12.5, WIDTH - 2 * MARGIN - FIGURE_WIDTH), "quote", x=x)
    for found in contradictions(story):
        line = f"{found.verdict.capitalize()}: {found.kind} {sides_text(found)} ({found.note})"
        kind = "bad" if found.verdict == "contradiction" else "soft"
        sheet.text(fit(line, 14, WIDTH - 2 * MARGIN), kind)
    for change in corrections(story):
        line = f"Corrected by {change.site}: {correction_text(change)}"
        sheet.text(fit(line, 14, WIDTH - 2 * MARGIN), "bad")


def _share(article: StoredArticle) -> str:
    return f"{article.copy.containment:.0%}" if article.copy else ""
