"""
A message as an HTML page for mail: inline styles, tables, no script, no remote picture.

The template escapes everything; links are checked where an `Item` is made.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from monitor.deliver import phrases
from monitor.deliver.messages import Message

_TEMPLATES = Path(__file__).parent / "templates"


def mail_html(message: Message) -> str:
    """The whole page."""
    return _template().render(message=message, words=phrases)


@cache
def _template() -> jinja2.Template:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("mail.html")
