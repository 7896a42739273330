"""PDF files, written by hand: a page is a list of lines."""

import zlib


def pdf(*pages, title="", author="", created="", extra="", contents=None, packed=False):
    """A PDF with these pages; `contents` replaces their drawing commands."""
    said = {"Title": title, "Author": author, "CreationDate": created}
    info = "".join(f"/{key} {_string(value)}" for key, value in said.items() if value)
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: f"<<{info}>>".encode(),
    }
    for number, lines in enumerate(pages):
        drawn = contents[number] if contents else _drawn(lines)
        objects[10 + 2 * number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {11 + 2 * number} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>>>>>"
        ).encode()
        objects[11 + 2 * number] = stream(drawn, packed=packed)
    return assembled(objects, extra=extra)


def assembled(objects, *, extra=""):
    """A file of numbered objects, with its table of contents."""
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, source in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, source)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += f"trailer<</Size {max(objects) + 1}/Root 1 0 R/Info 4 0 R{extra}>>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _drawn(lines):
    shown = " T* ".join(f"{_string(line)} Tj" if line else "" for line in lines)
    return f"BT /F1 11 Tf 13 TL 60 780 Td {shown} ET".encode("cp1252")


def stream(data, *, packed=False):
    """A stream object."""
    if packed:
        data = zlib.compress(data, 9)
    kind = "/Filter/FlateDecode" if packed else ""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), kind.encode(), data)


def _string(text):
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"({escaped})"
