"""
Bytes to text, though encodings lie.

Order of belief: byte order mark; UTF-8 when the bytes are UTF-8 (chance hardly makes them so);
what the HTTP header and the document declare, when the bytes agree; the language of the
document; the shape of the bytes. Decoding never raises.
"""

from __future__ import annotations

import codecs
import re

#: How much of a document is looked at for its declaration (bytes).
_HEAD = 2048
#: How much is weighed when guessing (bytes).
_SAMPLE = 65_536
#: Share of kana from which text is Japanese, and of Hangul from which it is Korean; Chinese
#: has hardly any kana, and about half of its characters have lead bytes of Hangul.
_KANA, _HANGUL = 0.25, 0.9

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_CLAIM = r"""\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})"""
_DECLARED = re.compile(rf"(?:encoding|charset){_CLAIM}".encode(), re.IGNORECASE)
_HEADER = re.compile(rf"charset{_CLAIM}", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""(?:<language>\s*|\blang\s*=\s*["'])([A-Za-z]{2}(?:-[A-Za-z]{2,4})?)""")
_CONTROLS = re.compile("[\x80-\x9f]")
#: No language in Latin letters has such words; Cyrillic read as Latin has little else.
_ALL_ACCENTS = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\xff]{4,}")
#: Declared name -> the superset that is meant (WHATWG Encoding).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
#: Encodings that can smuggle markup past a reader who looks at the bytes.
_REFUSED = frozenset({"utf-7", "hz", "iso2022_kr", "unicode_escape", "raw_unicode_escape", "idna"})
_STATEFUL = frozenset({"iso2022_jp"})
_BY_LANGUAGE = {
    b"ko": ("cp949",),
    b"ja": ("euc_jp", "cp932"),
    b"zh-tw": ("big5hkscs",),
    b"zh-hk": ("big5hkscs",),
    b"zh": ("gb18030",),
    b"ru": ("cp1251",),
    b"uk": ("cp1251",),
}


def decoded(body: bytes, content_type: str = "") -> str:
    """
    The text of `body`; bytes that fit nothing become U+FFFD.

    Args:
        body: as it came, any size.
        content_type: the HTTP header, for its charset.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    claims = _claims(body, content_type)
    for encoding in claims:
        if encoding in _STATEFUL:
            return body.decode(encoding, "replace")
    for encoding in ("utf-8", *claims):
        text = _strictly(body, encoding)
        if text is not None and not _is_absurd(text, encoding):
            return text
    if _is_nearly_utf8(body):
        return body.decode("utf-8", "replace")
    for encoding in _of_language(body):
        if (text := _strictly(body, encoding)) is not None:
            return text
    return body.decode(_guessed(body), "replace")


def _claims(body: bytes, content_type: str) -> list[str]:
    """Codecs that header and document name, header first (RFC 7303)."""
    header = _HEADER.search(content_type)
    inside = _DECLARED.search(body[:_HEAD])
    names = [header[1] if header else "", inside[1].decode("ascii") if inside else ""]
    found: list[str] = []
    for name in filter(None, names):
        try:
            codec = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if codec._is_text_encoding and codec.name not in _REFUSED:  # noqa: SLF001 (no other way)
            found.append(_MEANT.get(codec.name, codec.name))
    return [name for name in found if not name.startswith(("utf-16", "utf-32"))]


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _is_absurd(text: str, encoding: str) -> bool:
    """
    Whether a one-byte codec, which fits any bytes, gave what nobody writes.

    Those are control characters for letters, and words of accented letters alone.
    """
    if not encoding.startswith(("iso8859", "cp125")):
        return False
    return len(_CONTROLS.findall(text)) > 8 or len(_ALL_ACCENTS.findall(text)) > 8


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether a few bad bytes stand in what is UTF-8 otherwise, or it was cut in a letter."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(re.findall("[^\x00-\x7f\ufffd]", text))
    return bad * 20 <= good


def _of_language(body: bytes) -> tuple[str, ...]:
    match = _LANGUAGE.search(body[:_SAMPLE])
    if not match:
        return ()
    language = match[1].lower()
    return _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language[:2], ())


def _guessed(body: bytes) -> str:
    """
    gb18030, cp949, Japanese, cp1251, koi8-r or cp1252, by how the high bytes are spread.

    Cyrillic text is mostly small letters (E0–FF in windows-1251, C0–DF in KOI8-R); Chinese is
    mostly level 1 of GB 2312, whose lead bytes are B0–D7; Hangul has only B0–C8 of them; kana
    are A4 and A5 in EUC-JP, 82 and 83 in Shift JIS.
    """
    runs = re.findall(rb"[\x80-\xff]+", body[:_SAMPLE])
    high = b"".join(runs)
    if not high:
        return "cp1252"
    if sum(byte in {0x82, 0x83} for byte in high) / len(high) > _KANA / 2:
        return "cp932"
    small_1251 = sum(byte >= 0xE0 for byte in high) / len(high)
    small_koi8 = sum(0xC0 <= byte <= 0xDF for byte in high) / len(high)
    pairs = [run[at : at + 2] for run in runs for at in range(0, len(run), 2)]
    leads = [pair[0] for pair in pairs if len(pair) == 2 and pair[1] >= 0xA1]
    if sum(lead in {0xA4, 0xA5} for lead in leads) / len(pairs) > _KANA:
        return "euc_jp"
    if sum(0xB0 <= lead <= 0xC8 for lead in leads) / len(pairs) > _HANGUL:
        return "cp949"
    common = sum(0xB0 <= lead <= 0xD7 or lead <= 0xA3 for lead in leads)
    mean_run = len(high) / len(runs)
    if common / len(pairs) > 0.75 and small_1251 < 0.6 and small_koi8 < 0.7:
        return "gb18030"
    if mean_run < 2:
        return "cp1252"
    return "cp1251" if small_1251 >= small_koi8 else "koi8-r"
