"""Any sources, for tests of what must hold for all of them."""

from hypothesis import strategies as st

from monitor.model import NewSource, Scope, SourceKind, SourceState
from monitor.sources import fields
from monitor.text import single_line

plain_text = st.text(
    st.characters(exclude_categories=["C"], exclude_characters="\u2028\u2029"), max_size=20
).map(lambda text: single_line(text))
names = plain_text.filter(bool)
sources = st.builds(
    NewSource,
    name=names,
    kind=st.sampled_from([SourceKind.FEED, SourceKind.LISTING, SourceKind.TELEGRAM]),
    url=st.integers(1, 10**6).map(lambda n: f"https://h{n}.example/f?a={n}&b='x'"),
    homepage=st.sampled_from(["", "https://a.example/?x=1&y=2"]),
    language=st.sampled_from(["", "en", "zh-Hant", "kk"]),
    region=plain_text,
    scope=st.sampled_from(Scope),
    tags=st.lists(names.map(lambda tag: tag.replace(";", "")), max_size=3).map(
        lambda found: fields.tags(found)
    ),
    state=st.sampled_from(SourceState),
    state_reason=plain_text,
    every_s=st.sampled_from([0, 60, 3600]),
    options=st.sampled_from(
        [{}, {"page_text": "article > a[href*='&']", "page_date": '//time[@x="é"]'}]
    ),
)
catalogues = st.lists(sources, min_size=1, max_size=5, unique_by=lambda source: source.url)
