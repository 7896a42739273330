"""
Feed text made fit for an XML parser, in linear time.

What no XML parser may meet is removed: NULs and other illegal characters, references to such,
document type declarations (entity bombs, external entities), tags with thousands of
attributes, junk before the document, the rest of an item that was cut off at the end.
"""

from __future__ import annotations

import html.entities
import re

#: A start tag with more attributes is stripped of all of them: parsers take quadratic time.
ATTRIBUTE_LIMIT = 128

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]++)|([0-9]++))(;?)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos", "LT", "GT", "AMP", "QUOT"})
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b[^>]*+>?", re.IGNORECASE)
_INSTRUCTION = re.compile(r"<\?xml\b[^>]*+>", re.IGNORECASE)
_PROLOGUE = re.compile(r"<!--[^-]*+(?:-(?!->)[^-]*+)*+-->|<\?[^>]*+>")
_BIG_TAG = re.compile(r"<[A-Za-z][^<>]{1024,}+>?")
_ASSIGNMENT = re.compile(r"=\s*+[\"']")
_TAG_NAME = re.compile(r"<([A-Za-z_][\w.:-]{0,100}+)")
#: Root of a feed, with or without a prefix.
ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,40}:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_ITEM_OPEN = re.compile(r"<((?:[A-Za-z][\w.-]{0,40}:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_ITEM_CLOSE = re.compile(r"</(?:[A-Za-z][\w.-]{0,40}:)?(?:item|entry)\s{0,20}>", re.IGNORECASE)
_ROOT_CLOSE = re.compile(
    r"</(?:[A-Za-z][\w.-]{0,40}:)?(?:rss|feed|rdf|channel)\s{0,20}>", re.IGNORECASE
)
#: One whole element of an item, with what stands before it.
_CHILD = re.compile(
    r"\s*+<([A-Za-z_][\w.:-]{0,60}+)(?:[^<>]*+(?<=/)>"
    r"|[^<>]*+>(?:<!\[CDATA\[.*?\]\]>|(?!<!\[CDATA\[).)*?</\1\s*+>)",
    re.DOTALL,
)
#: How far into a document its root is looked for (code points).
HEAD = 65_536


def cleaned(text: str) -> tuple[str, list[str]]:
    """`text` without what parsers stumble over, and what was wrong, in words."""
    problems: list[str] = []
    text = _ILLEGAL.sub("", text).lstrip()
    text = _without_doctype(text, problems)
    text = _INSTRUCTION.sub("", text)
    text = _REFERENCE.sub(_legal_reference, text)
    text = _NAMED.sub(_named_character, text)
    text = _BIG_TAG.sub(lambda match: _slim(match, problems), text)
    return _without_torn_item(_without_junk(text, problems), problems), problems


def chunks(text: str) -> tuple[str, list[str], str]:
    """What stands before the first item, the items one by one, and what closes them."""
    starts = list(_ITEM_OPEN.finditer(text))
    if not starts:
        return text, [], ""
    ends = [match.start() for match in starts[1:]] + [len(text)]
    items: list[str] = []
    for start, end in zip(starts, ends, strict=True):
        closing = _ITEM_CLOSE.search(text, start.start(), end)
        items.append(text[start.start() : closing.end() if closing else end])
    head = text[: starts[0].start()]
    return head, items, _closing(head)


def _closing(head: str) -> str:
    """End tags for the elements that `head` leaves open."""
    names = [match[1] for match in _TAG_NAME.finditer(head)]
    outer = [name for name in names if name.rpartition(":")[2].lower() in {"rss", "rdf", "feed"}]
    channels = [name for name in names if name.rpartition(":")[2].lower() == "channel"]
    is_open = bool(channels) and f"</{channels[0]}" not in head
    return "".join(f"</{name}>" for name in [*(channels[:1] if is_open else []), *outer[:1]])


def _without_doctype(text: str, problems: list[str]) -> str:
    """Drop the document type with its entities; none is ever expanded."""
    match = _DOCTYPE.search(text, 0, HEAD)
    if match is None or ROOT.search(text, 0, match.start()):
        return text
    close, subset = text.find(">", match.end()), text.find("[", match.end())
    if 0 <= subset < close:
        end = text.find("]", subset)
        while end >= 0 and not text[end + 1 : end + 50].lstrip().startswith(">"):
            end = text.find("]", end + 1)
        close = text.find(">", end) if end >= 0 else -1
        problems.append("declares entities, which were dropped")
    rest = text[close + 1 :] if close >= 0 else ""
    return text[: match.start()] + _DECLARATION.sub("", rest)


def _legal_reference(match: re.Match[str]) -> str:
    """The reference with its semicolon, or nothing when it means no legal character."""
    hexadecimal, decimal = match[1], match[2]
    digits = (hexadecimal or decimal).lstrip("0")
    if len(digits) > 7:
        return ""
    code = int(digits or "0", 16 if hexadecimal else 10)
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    is_legal = code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD
    return f"&#{code};" if is_legal or 0x10000 <= code <= 0x10FFFF else ""


def _named_character(match: re.Match[str]) -> str:
    """The character of an HTML name; XML knows only five, and those stay."""
    if match[1] in _KEPT_NAMES:
        return match[0]
    found = html.entities.html5.get(f"{match[1]};", match[0])
    return match[0] if found in {"<", ">", "&", '"', "'"} else found


def _slim(match: re.Match[str], problems: list[str]) -> str:
    """The tag, bare when it has too many attributes."""
    tag = match[0]
    if len(_ASSIGNMENT.findall(tag)) <= ATTRIBUTE_LIMIT:
        return tag
    name = _TAG_NAME.match(tag)
    problem = f"a tag with more than {ATTRIBUTE_LIMIT} attributes lost them"
    if problem not in problems:
        problems.append(problem)
    return f"<{name[1]}{'/' if tag.endswith('/>') else ''}>" if name else ""


def _without_junk(text: str, problems: list[str]) -> str:
    """Drop what stands before the root: warnings of a server script, stray text."""
    root = ROOT.search(text, 0, HEAD)
    if root is None:
        return text
    if _PROLOGUE.sub("", text[: root.start()]).strip():
        problems.append(f"{root.start()} characters before the document were skipped")
    return text[root.start() :]


def _without_torn_item(text: str, problems: list[str]) -> str:
    """Cut the last item back to its whole elements when the document ends inside it."""
    last_close = max((match.start() for match in _ITEM_CLOSE.finditer(text)), default=-1)
    if _ROOT_CLOSE.search(text, max(last_close, 0)):
        return text
    opened = [match for match in _ITEM_OPEN.finditer(text) if match.start() > last_close]
    if len(opened) != 1 or _is_inside_cdata(text, opened[0].start()):
        if opened or last_close < 0:
            return text
        problems.append("the document is cut off after its last item")
        return text
    return text[: opened[0].start()] + _saved(text, opened[0], problems) + _closing(text[:HEAD])


def _saved(text: str, opened: re.Match[str], problems: list[str]) -> str:
    """The whole elements of a torn item; nothing when none of them says which item it is."""
    start = text.find(">", opened.end() - 1) + 1
    end, is_known = start, False
    while start and (child := _CHILD.match(text, end)):
        end = child.end()
        is_known = is_known or child[1].lower() in {"link", "guid", "id"}
    what = "is not whole" if is_known else "was dropped"
    problems.append(f"the document is cut off; its last item {what}")
    return f"{text[opened.start() : end]}</{opened[1]}>" if is_known else ""


def _is_inside_cdata(text: str, position: int) -> bool:
    return text.rfind("<![CDATA[", 0, position) > text.rfind("]]>", 0, position)
