"""A newcomer's path through `monitor demo --serve`, by keyboard and mouse in a real Chromium."""

import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading

import pytest
import python_calamine
import xlsxwriter
from playwright.sync_api import expect

from tests.web import browsing
from tests.world import receivers

#: Seconds that the demo may take until it serves, and a message until it has come.
STARTS_S, COMES_S = 90, 30

PLACE = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture(scope="module")
def demo():
    """The address of a served demo, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "demo", "--serve", "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    places: queue.Queue[str] = queue.Queue()

    def listen():
        for line in process.stderr:
            if found := PLACE.search(line):
                places.put(found[0])

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield places.get(timeout=STARTS_S)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def webhook():
    """A receiver of messages on this machine."""
    with receivers.webhook() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def page(demo):
    """One tab, as a newcomer has it; at the end nothing on any page went wrong."""
    with browsing.browser() as running:
        tab = browsing.Tab(running, accept_downloads=True)
        tab.goto(demo)
        tab.page.set_default_timeout(15_000)
        yield tab.page
        faults = tab.faults
        tab.close()
    assert faults == []


@pytest.mark.timeout(240)
def test_from_the_first_look_to_an_edited_spreadsheet(demo, page, webhook):
    """Kept by one key, noted, merged and taken back, saved, alerted, exported, given back."""
    _keep_by_one_key(page)
    _note(page)
    _merge_and_take_back(page)
    _save_a_view(demo, page)
    _be_alerted(demo, page, webhook)
    _edit_in_a_spreadsheet(demo, page)


def _keep_by_one_key(page):
    """The first j is on the first story; e keeps it, and it stays where it is."""
    title = page.locator("[data-item] .title").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("e")
    line = page.locator("[data-item]").first
    line.get_by_text(re.compile("^Kept")).first.wait_for()
    assert line.locator(".title").inner_text() == title


def _note(page):
    """The largest story is opened, and gets a note."""
    page.locator(".title", has_text="Cove").first.click()
    page.get_by_label("Add a note").fill("Ask Astana for the GKZ report")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("Ask Astana for the GKZ report").first.wait_for()


def _merge_and_take_back(page):
    """Another story goes into it, and comes out again by one click."""
    articles = page.locator(".story-choices li")
    before = articles.count()
    page.locator("#merge input[name=find]").fill("cobalt")
    page.locator("#merge").get_by_role("button", name="Find").click()
    with page.expect_navigation():
        page.locator(".story-candidates button").first.click()
    assert articles.count() > before
    page.get_by_role("button", name="Undo").first.click()
    expect(articles).to_have_count(before)


def _save_a_view(demo, page):
    """A search under a name."""
    page.goto(f"{demo}/search?q=tungsten")
    page.get_by_label("Save this search as").fill("Tungsten")
    with page.expect_navigation():
        page.get_by_role("button", name="Save view").click()
    page.goto(f"{demo}/views")
    page.get_by_text("Tungsten").first.wait_for()


def _be_alerted(demo, page, webhook):
    """A recipient, an alert on the view, and a test that comes."""
    page.goto(f"{demo}/alerts")
    form = page.locator("form", has=page.locator("#to-target-new"))
    _open(page, form)
    form.get_by_label("Name").fill("Desk chat")
    form.get_by_label("Where it gets messages").fill(webhook.url)
    with page.expect_navigation():
        form.get_by_role("button", name="Add the recipient").click()
    form = page.locator("form", has=page.locator("#alert-name-new"))
    _open(page, form)
    form.get_by_label("Name").fill("Tungsten at once")
    form.get_by_label("About").select_option(label="Tungsten")
    form.get_by_role("button", name="Add the alert").click()
    page.get_by_text("Tungsten at once").first.wait_for()
    page.get_by_role("button", name=re.compile("[Tt]est")).first.click()
    webhook.wait_for(1, timeout=COMES_S)


def _edit_in_a_spreadsheet(demo, page):
    """Stories as a workbook; one is flagged in it, with a tag; given back, and so it is."""
    page.goto(f"{demo}/exchange")
    page.get_by_label("Format").select_option("xlsx")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Download")).click()
    number, edited = _flagged(waiting.value.path().read_bytes())
    page.goto(f"{demo}/exchange")
    page.get_by_label(re.compile("^File")).set_input_files(
        {"name": "edited.xlsx", "mimeType": "application/octet-stream", "buffer": edited}
    )
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text(number, exact=True).first.wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Import|Apply|Take")).first.click()
    page.goto(f"{demo}/stories/{number.removeprefix('s')}")
    page.get_by_text("flagged", exact=False).first.wait_for()
    page.get_by_text("ask-ministry").first.wait_for()


def _open(page, form):
    """Where a form is folded away, unfold it."""
    folded = page.locator("details:not([open])", has=form)
    if folded.count():
        folded.first.locator("summary").first.click()


def _flagged(workbook):
    """The id of the last story, and the workbook with that story flagged and tagged."""
    sheets = python_calamine.load_workbook(io.BytesIO(workbook))
    rows = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    table = next(rows[name] for name in rows if name == "Stories")
    head = [str(cell).strip().lower() for cell in table[0]]
    last = table[-1]
    last[head.index("state")] = "flagged"
    last[head.index("tags")] = "ask-ministry"
    number = str(last[head.index("id")])
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, lines in rows.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write(at, column, cell if isinstance(cell, int | float) else str(cell))
    return number, out.getvalue()
