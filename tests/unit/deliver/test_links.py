"""Which addresses of strangers become links in files."""

import pytest

from monitor.deliver.links import safe_link


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://ores.example/a?b=c#d", "https://ores.example/a?b=c#d"),
        ("HTTP://ores.example/", "HTTP://ores.example/"),
        (
            "https://ores.example/вольфрам",
            "https://ores.example/%D0%B2%D0%BE%D0%BB%D1%8C%D1%84%D1%80%D0%B0%D0%BC",
        ),
        ("https://ores.example/a%20b", "https://ores.example/a%20b"),
        ('https://ores.example/"><script>\n', "https://ores.example/%22%3E%3Cscript%3E%0A"),
        ("http://ores.example/x)[y](javascript:a)", "http://ores.example/x)%5By%5D(javascript:a)"),
        ("http://[2001:db8::1]:80/x[1]", "http://[2001:db8::1]:80/x%5B1%5D"),
        ("http://known.example@ores.example/", ""),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("\\\\server\\share", ""),
        ("//ores.example/a", ""),
        ("http://", ""),
        ("http://[", ""),
        ("mailto:a@b.example", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_links(url, link):
    """Addresses of http and https with a host; nothing in them ends the link or the line early."""
    assert safe_link(url) == link
