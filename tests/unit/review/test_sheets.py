"""Files as people send them: tables of any spreadsheet program, and what is none."""

import asyncio
import io
import struct
import zipfile

import pytest
import xlsxwriter

from monitor.errors import BadInput
from monitor.parse.pool import Workers
from monitor.review import sheets
from monitor.review.reading import read_safely
from monitor.review.sheets import read_sheet
from tests.store.records import NOW

HEAD = "id,version,state,tags,assignee,note_to_add"


def file(folder, data, name="t"):
    """The path of a file with these bytes."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def book(folder, rows, *, sheets_before=(), top=0):
    """A workbook with these rows."""
    path = folder / "t.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for name in sheets_before:
            made.add_worksheet(name).write(0, 0, "anything")
        sheet = made.add_worksheet("Stories")
        for y, row in enumerate(rows, start=top):
            for x, value in enumerate(row):
                sheet.write(y, x, value)
    return path


def packed(folder, parts, name="z.xlsx"):
    """A zip of these parts."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part, data in parts.items():
            made.writestr(part, data)
    return path


def only(sheet):
    """The cells of the one row."""
    (row,) = sheet.rows
    return {name: value for name, value in row.cells.items() if value}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_any_encoding_and_delimiter(tmp_path, encoding, delimiter):
    """Excel in Moscow saves semicolons and Windows-1251; others UTF-16 with tabs."""
    note = "спросить Астану об условиях продажи рудника и о сроках его строительства"
    text = f"{HEAD}\r\ns12,3,kept,вольфрам,Анна,{note}\r\n".replace(",", delimiter)
    cells = only(read_sheet(file(tmp_path, text.encode(encoding))))
    assert cells == {
        "id": "s12",
        "version": "3",
        "state": "kept",
        "tags": "вольфрам",
        "assignee": "Анна",
        "note_to_add": note,
    }


def test_a_table_in_gbk(tmp_path):
    """Excel in Beijing saves GBK."""
    note = "请核实这家公司在哈萨克斯坦的钨矿项目的股权比例和总投资额"
    text = f"{HEAD}\r\ns12,3,kept,钨矿,王,{note}\r\n"
    cells = only(read_sheet(file(tmp_path, text.encode("gbk"))))
    assert (cells["tags"], cells["note_to_add"]) == ("钨矿", note)


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nid;version;state\r\ns12;3;kept\r\n",
        "State,mine,ID,Version\r\nkept,x,s12,3\r\n",
        "My list\r\n\r\nid,version (do not touch),STATE\r\n\r\ns12,3,kept\r\n,,\r\n",
        'state,id,version,title\r\nkept,s12,3,"a ; b\nc, ""d"" = 1"\r\n',
        "version\tid\tstate\n3\ts12\tkept",
    ],
)
def test_columns_may_be_moved_added_and_removed(tmp_path, text):
    """Only their names count; lines above the heading and empty rows do not matter."""
    cells = only(read_sheet(file(tmp_path, text)))
    assert cells == {"id": "s12", "version": "3", "state": "kept"}


def test_other_columns_are_named(tmp_path):
    """So that a person sees that a column of his own is not taken for one of ours."""
    sheet = read_sheet(file(tmp_path, "id,version,state,Mine,Status\ns1,1,new,x,y\n"))
    assert sheet.ignored == ("Mine", "Status")
    assert sheet.columns == ("id", "version", "state")


def test_guards_against_formulas_come_off(tmp_path):
    """A tag that begins with `=` goes out with an apostrophe and comes back without."""
    assert only(read_sheet(file(tmp_path, f"{HEAD}\ns1,1,,'=deal; '+x,'@ann,''-5\n"))) == {
        "id": "s1",
        "version": "1",
        "tags": "=deal; +x",
        "assignee": "@ann",
        "note_to_add": "'-5",
    }


def test_rows_have_the_numbers_of_the_spreadsheet(tmp_path):
    """Also when a cell has several lines, and when the table begins further down."""
    text = 'id,version,note_to_add\ns1,1,"a\nb"\ns2,1,c\n'
    assert [row.number for row in read_sheet(file(tmp_path, text)).rows] == [2, 3]
    path = book(tmp_path, [["id", "version", "state"], ["s1", 1, "kept"]], top=4)
    assert [row.number for row in read_sheet(str(path)).rows] == [6]


def test_a_workbook_with_other_sheets_and_types(tmp_path):
    """Ids and versions as numbers, dates as tags; the sheet is found by its heading."""
    rows = [
        ["Id", "Version", "State", "Tags", "Note to add", "Assignee"],
        [12, 3.0, "kept", "", True, ""],
        ["s13", "4", "", "=1+1", "'=x", 1.5],
    ]
    path = book(tmp_path, rows, sheets_before=("Cover",))
    first, second = read_sheet(str(path)).rows
    assert (first.cells["id"], first.cells["version"]) == ("12", "3")
    assert first.cells["note_to_add"] == "TRUE"
    assert second.cells["tags"] == "0"  # a formula's saved value; nothing is computed here
    assert (second.cells["note_to_add"], second.cells["assignee"]) == ("=x", "1.5")
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        for x, name in enumerate(("id", "version", "tags")):
            sheet.write(0, x, name)
        sheet.write_row(1, 0, ["s1", 1])
        sheet.write_datetime(
            1,
            2,
            NOW.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0),
            made.add_format({"num_format": "d.m.yy"}),
        )
    assert only(read_sheet(str(path)))["tags"] == "2026-03-02"


BOMB = b"\0" * 60_000_000


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"a.txt": "hello"}, "is no workbook"),
        ({"content.xml": "", "mimetype": "application/vnd.oasis"}, "of another program"),
        ({"xl/workbook.xml": "<x", "[Content_Types].xml": ""}, "cannot be read as a workbook"),
        ({"xl/workbook.xml": "", "xl/vbaProject.bin": "x"}, "holds macros"),
        ({"xl/workbook.xml": "", "xl/externalLinks/e1.xml": "x"}, "refers to other workbooks"),
        ({"xl/workbook.xml": "", "xl\\embeddings\\o.bin": "x"}, "holds other files"),
        ({"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": BOMB}, "unpacks to far more"),
        ({f"{n}.xml": "" for n in range(2001)}, "has more parts"),
    ],
)
def test_a_zip_that_is_no_table_of_ours(tmp_path, parts, what):
    """Macros, links, other files, bombs: one clear message, before anything is unpacked."""
    with pytest.raises(BadInput, match=what):
        read_sheet(str(packed(tmp_path, parts)))


def test_a_part_twice_is_refused(tmp_path):
    """Two programs would read two different workbooks."""
    path = tmp_path / "z.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("xl/workbook.xml", "<b/>")
    with pytest.raises(BadInput, match="has a part twice"):
        read_sheet(str(path))


def test_an_encrypted_workbook_is_refused(tmp_path):
    """By the flag in its directory, or as the old container that Office puts it in."""
    path = packed(tmp_path, {"xl/workbook.xml": "x"})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02") + 8
    struct.pack_into("<H", data, at, 1)
    with pytest.raises(BadInput, match="is encrypted"):
        read_sheet(file(tmp_path, bytes(data)))
    with pytest.raises(BadInput, match=r"is encrypted, or in the old \.xls format"):
        read_sheet(file(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"%PDF-1.7\n%...", "is no spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is no spreadsheet"),
        (b"PK\x03\x04 and nothing more", "is damaged, or no workbook"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "has no columns id and version"),
        (b"title,state\nOre,kept\n", "found: title, state"),
        (b"id,version,title\ns1,1,Ore\n", "has none of the columns state, tags"),
        (b"id,version,state,State\ns1,1,a,b\n", "has the column state twice"),
        (b'id,version,state\ns1,1,"' + b"x" * 1_100_000 + b'"\n', "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_of_ours(tmp_path, data, what):
    """It is said what is wrong, and what to do."""
    with pytest.raises(BadInput, match=what) as caught:
        read_sheet(file(tmp_path, data))
    assert caught.value.advice


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    """Its size is looked at first."""
    monkeypatch.setattr(sheets, "MOST_BYTES", 10_000_000)
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_000)
    with pytest.raises(BadInput, match="is larger than 10 MB"):
        read_sheet(str(path))


def test_a_workbook_that_lies_costs_one_worker(tmp_path):
    """A sheet whose last cell is far away would take more memory than there is: it is refused."""
    path = book(tmp_path, [["id", "version", "state"], ["s1", 1, "kept"]])
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "far")

    async def read():
        workers = Workers(1)
        try:
            with pytest.raises(BadInput, match=r"^mine\.xlsx: cannot be read: it takes more"):
                await read_safely(workers, path, name="mine.xlsx")
            return await read_safely(workers, tmp_path / "good.csv")
        finally:
            await asyncio.to_thread(workers.close)

    file(tmp_path, f"{HEAD}\ns1,1,kept,,,\n", "good.csv")
    assert len(asyncio.run(read()).rows) == 1


def test_a_file_that_is_not_there(tmp_path):
    """The error names it as the user does."""

    async def read():
        workers = Workers(1)
        try:
            await read_safely(workers, tmp_path / "gone.csv")
        finally:
            await asyncio.to_thread(workers.close)

    with pytest.raises(BadInput, match=r"^gone\.csv: cannot be read"):
        asyncio.run(read())


def test_untouched_rows_are_left_behind(tmp_path):
    """Of a hundred thousand stories only the edited rows go on."""
    base = '{""state"":""new"",""assignee"":"""",""tags"":[]}'
    rows = "".join(f's{n},1,{"kept" if n == 7 else "new"},,,,"{base}"\n' for n in range(1, 1001))
    sheet = read_sheet(file(tmp_path, io.StringIO(f"{HEAD},as_exported\n{rows}").read()))
    assert (len(sheet.rows), sheet.untouched, sheet.rows[0].number) == (1, 999, 8)
