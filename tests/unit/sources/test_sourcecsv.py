"""Sources as tables: what people's spreadsheets hold is read, faults are named by line."""

import pytest
from hypothesis import given

from monitor.deliver.tables import to_csv
from monitor.errors import BadInput
from monitor.model import NewSource, SourceKind
from monitor.sources.sourcecsv import COLUMNS, read_csv, table_rows
from monitor.wording import FORMULA_STARTS
from tests.unit.sources.catalogues import catalogues


@given(catalogues)
def test_what_was_written_reads_back(written):
    """Every source survives a round through CSV, whatever its texts begin with."""
    text = to_csv(table_rows(written), COLUMNS)
    assert read_csv(text.encode()).sources == tuple(written)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_a_formula(start):
    """A name that a spreadsheet would run is guarded in the file, and whole when read back."""
    source = NewSource(name=f"{start}1+1".strip(), kind=SourceKind.FEED, url="https://a.example/f")
    text = to_csv(table_rows([source]), COLUMNS)
    assert not text.splitlines()[1].startswith(FORMULA_STARTS)
    assert read_csv(text.encode()).sources == (source,)


@pytest.mark.parametrize("start", [start for start in FORMULA_STARTS if not start.isspace()])
def test_no_cell_becomes_two_with_a_formula(start):
    """Nor where a spreadsheet that splits at semicolons would begin a new cell."""
    name = f"Ore; {start}1+1"
    source = NewSource(name=name, kind=SourceKind.FEED, url="https://a.example/f")
    text = to_csv(table_rows([source]), COLUMNS)
    assert name not in text
    assert read_csv(text.encode()).sources == (source,)


@pytest.mark.parametrize(
    "text",
    [
        "url,name\nhttps://a.example/f,Ore\n",
        "name;url\r\nOre;https://a.example/f\r\n",
        "Title\tXmlUrl\nOre\thttps://a.example/f\n",
        "\ufeffURL,Name\n\n,\nhttps://a.example/f,Ore",
    ],
)
def test_tables_of_any_form_are_read(text):
    """Order, delimiter, case, empty lines and other programs' headings do not matter."""
    (source,) = read_csv(text.encode()).sources
    assert (source.name, source.url) == ("Ore", "https://a.example/f")


def test_a_wrong_row_is_named_and_the_others_are_read():
    """A fault says the line, the field and what would be right."""
    text = "url,kind,language\nhttps://a.example/f,fead,\nhttps://b.example/f,,xx-\nc.example/f,,\n"
    reading = read_csv(text.encode())
    assert [source.url for source in reading.sources] == ["https://c.example/f"]
    assert reading.faults == (
        "line 2: fead: is not known. One of: feed, listing, telegram, sitemap, api, page.",
        "line 3: xx-: is no language tag. Write it like en, kk or zh-Hant.",
    )


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "no column url"),
        (b"name,feed title\nOre,x\n", "no column url"),
        (b"url\n", "holds no source"),
        (b"url\nnonsense\n", "holds no source. First fault: line 2"),
        (b"url\0\n\0", "not text"),
        (b'url\n"' + b"x" * 200_000, "line 2"),
    ],
)
def test_what_is_no_table_is_refused(data, cause):
    """A file without addresses is refused, and the error says why."""
    with pytest.raises(BadInput, match=cause):
        read_csv(data)


@pytest.mark.parametrize("options", ["[]", "{", '{"itme": "a"}', '{"item": "a[["}', '{"item": 1}'])
def test_wrong_options_are_named(options):
    """Selectors are checked where they are written."""
    quoted = options.replace('"', '""')
    with pytest.raises(BadInput, match="line 2"):
        read_csv(f'url,options\nhttps://a.example/,"{quoted}"\n'.encode())
