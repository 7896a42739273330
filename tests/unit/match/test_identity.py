"""Which stored entry an entry is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.match import identify, keys
from monitor.model import Entry, KnownEntry

SOURCE = 7


#: Day of the first entries.
DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def entry(guid="", path="", title="Ore", summary="", part=0, day=None):
    """An entry of one outlet; `day` counts from the first."""
    url = f"https://ores.example/{path}" if path else ""
    at = None if day is None else DAY + timedelta(days=day)
    return Entry(guid=guid, url=url, title=title, summary=summary, part=part, published_at=at)


def stored(entries, known=()):
    """What the store would know after these entries; ids from 1."""
    rows = {row.id: row for row in known}
    for item in identify(entries, known, SOURCE):
        number = item.known_id or len(rows) + 1
        rows[number] = KnownEntry(
            id=number,
            guid=item.entry.guid,
            url_key=item.url_key,
            title=item.entry.title,
            content_hash=item.content_hash,
            part=item.entry.part,
            article_id=0,
            published_at=item.entry.published_at,
        )
    return list(rows.values())


def again(first, second):
    """(id, is changed) of each entry of a second poll."""
    found = identify(second, stored(first), SOURCE)
    return [(item.known_id, item.is_changed) for item in found]


def test_the_same_document_brings_nothing_new():
    """Every entry of an unchanged document is known and unchanged."""
    one = [entry("a", "1"), entry("b", "2"), entry("", "3"), entry("c"), entry(title="bare")]
    assert again(one, one) == [(1, False), (2, False), (3, False), (4, False), (5, False)]


def test_guids_that_change_on_every_fetch():
    """An address holds where guids do not: title and words are the same."""
    assert again([entry("a", "1")], [entry("z", "1")]) == [(1, False)]


def test_an_edited_title():
    """Guid and address hold where the title is edited."""
    assert again([entry("a", "1", "Old")], [entry("a", "1", "New")]) == [(1, True)]


def test_a_guid_used_again():
    """A guid that returns with another address and title is another entry."""
    assert again([entry("a", "1", "Old")], [entry("a", "2", "New")]) == [(0, False)]


def test_one_address_for_all_items():
    """Items that share an address and differ in guid and title are apart, and stay so."""
    items = [entry("a", "x", "One"), entry("b", "x", "Two"), entry("c", "x", "Three")]
    found = identify(items, [], SOURCE)
    assert len({item.identity for item in found}) == 3
    assert again(items, items) == [(1, False), (2, False), (3, False)]


def test_one_guid_for_all_items():
    """Items that share a guid and nothing else are apart, and stay so."""
    items = [entry("a", "1", "One"), entry("a", "2", "Two")]
    assert again(items, items) == [(1, False), (2, False)]


def test_an_address_that_moves():
    """A guid with the same title at a new address is the same entry."""
    assert again([entry("a", "1")], [entry("a", "2")]) == [(1, False)]


def test_the_same_words_at_two_addresses():
    """Two addresses with the same words are two entries."""
    assert again([entry("", "1")], [entry("", "2")]) == [(0, False)]


def test_bare_items_of_different_days():
    """Items without guid and address but with equal words are apart when their dates differ."""
    items = [entry(day=0), entry(day=1), entry(day=1), entry()]
    found = identify(items, [], SOURCE)
    assert len({item.identity for item in found}) == len(found) == 3
    assert again(items, items) == [(1, False), (2, False), (3, False)]


def test_bare_items_that_are_dated_anew():
    """A feed that dates such items anew at every poll adds nothing, however often."""
    rows = stored([entry(day=0), entry(day=1)])
    for poll in range(2, 20, 2):
        items = [entry(day=poll), entry(day=poll + 1)]
        assert all(item.known_id for item in identify(items, rows, SOURCE))
        rows = stored(items, rows)
    assert len(rows) == 2


def test_more_bare_items_than_before():
    """A third of the same words gets an identity of its own beside two stored ones."""
    two = [entry(day=0), entry(day=1)]
    third = identify([*two, entry(day=2)], stored(two), SOURCE)[2]
    assert third.known_id == 0
    assert third.identity not in {item.identity for item in identify(two, [], SOURCE)}


def test_guids_and_addresses_that_change_on_every_fetch():
    """Equal words of the same time are the stored entry, if that is shown nowhere else."""
    old, new = entry("a", "1", day=0), entry("z", "9", day=0)
    assert again([old], [new]) == [(1, False)]
    assert again([old], [old, new]) == [(1, False), (0, False)]


def test_items_that_recur():
    """Equal words of another day at another address are another entry."""
    assert again([entry("a", "1", day=0)], [entry("b", "2", day=1)]) == [(0, False)]


def test_undated_addresses_that_change_on_every_fetch():
    """Without dates, many equal words are one entry; a few may recur."""
    long = "Tungsten from the hill. " * 10
    undated = [entry("a", "1", summary=long)], [entry("b", "2", summary=long)]
    assert again(*undated) == [(1, False)]
    assert again([entry("a", "1")], [entry("b", "2")]) == [(0, False)]


def test_an_entry_given_twice():
    """An entry that a document gives twice is one."""
    assert len(identify([entry("a", "1"), entry("a", "1")], [], SOURCE)) == 1


def test_stories_of_one_message():
    """Parts of one message are apart although guid and address are one."""
    parts = [entry("m", "1", "One", part=1), entry("m", "1", "Two", part=2)]
    assert again(parts, parts) == [(1, False), (2, False)]


def test_a_newcomer_in_an_old_place():
    """A new item with the guid and address of a stored one gets an identity of its own."""
    old, new = entry("a", "1", "Old"), entry("a", "1", "New")
    first = identify([old], [], SOURCE)[0]
    both = identify([old, new], stored([old]), SOURCE)
    assert [item.known_id for item in both] == [1, 0]
    assert both[1].identity != first.identity


def test_bare_entries_of_two_sources():
    """Entries without words get hashes that differ by source."""
    assert keys(Entry(guid="a"), 1) != keys(Entry(guid="a"), 2)


ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["One", "Two"]),
        st.sampled_from(["", "words"]),
        st.integers(0, 1),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=12,
)


@given(ENTRIES)
def test_a_second_look_is_stable(items):
    """Whatever the document: the second poll knows everything, identities are unique."""
    found = identify(items, [], SOURCE)
    assert len({item.identity for item in found}) == len(found)
    second = identify(items, stored(items), SOURCE)
    assert all(item.known_id and not item.is_changed for item in second)
    assert len({item.known_id for item in second}) == len(second)


@given(ENTRIES, ENTRIES)
def test_new_identities_are_free(first, second):
    """A new entry never takes the identity of a stored one."""
    taken = {item.identity for item in identify(first, [], SOURCE)}
    fresh = [item for item in identify(second, stored(first), SOURCE) if not item.known_id]
    assert not taken & {item.identity for item in fresh}


def test_an_opaque_link_that_changes():
    """An aggregator names one article anew: title and time still tell that it is known."""

    def shown(code, *, day=0):
        url = f"https://news.google.com/rss/articles/{code}?oc=5"
        at = DAY + timedelta(days=day)
        return Entry(guid=code, url=url, title="Mine sold for a song", published_at=at)

    assert again([shown("CBMiA")], [shown("CBMiB")]) == [(1, False)]
    assert again([shown("CBMiA")], [shown("CBMiB", day=1)]) == [(0, False)]
