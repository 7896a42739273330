"""A page of the inbox as a test reads it."""

import re

from lxml import html


class Listed:
    """The lines of a page, or of an answer to htmx, in their order."""

    def __init__(self, text):
        self.root = html.fromstring(text)
        self.lines = self.root.xpath("//li[@data-item]")

    @property
    def ids(self):
        """Numbers of the stories."""
        return [int(line.get("id")[1:]) for line in self.lines]

    def line(self, number):
        """The words of one line, between single spaces."""
        (found,) = [line for line in self.lines if line.get("id") == f"s{number}"]
        return " ".join(found.text_content().split())

    def badges(self, number):
        """What stands before a title."""
        found = self.root.xpath(f"//li[@id='s{number}']//p[1]/span[contains(@class, 'badge')]")
        return [" ".join(badge.text_content().split()) for badge in found]

    def choice(self, number, action=""):
        """What the box, or a button, of a line sends."""
        (value,) = self.root.xpath(f"//li[@id='s{number}']/input[@name='choice']/@value")
        return f"{value}:{action}" if action else value

    def names(self, xpath):
        """Attributes or texts that a path finds, without the space around."""
        return [str(one).strip() for one in self.root.xpath(xpath)]

    @property
    def older(self):
        """The address of the next page, or an empty text."""
        return next(iter(self.root.xpath("//a[@rel='next']/@href")), "")


def listed(visitor, path="/"):
    """A page of the inbox; it must be one."""
    answer = visitor.get(path)
    assert answer.status == 200, answer.text[:500]
    return Listed(answer.text)


def words(text):
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.fromstring(text).text_content())
