"""The page of a story as a visitor reads it: its words, its forms, and what they would send."""

import html
import re

_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:p|li|[ou]l|h\d|d[ltd]|div|t[rhd]|summary|section|article|button|br)\b[^>]*>"
)
_FIELD = re.compile(r"<(?:input|button|textarea)\b[^>]*>")
_ATTRIBUTE = re.compile(r'(\w[\w-]*)="([^"]*)"')


def words(answer):
    """What stands on the page, on one line, without its tags."""
    main = answer.text.partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", _BLOCK.sub(" ", main))).split())


def form(answer, action, *, having=""):
    """The hidden fields of the first form that is sent there, and has these words in it."""
    for found in _FORM.findall(answer.text):
        if f'action="{action}"' in found.partition(">")[0] and having in found:
            fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _FIELD.findall(found)]
            return [
                (one["name"], html.unescape(one["value"]))
                for one in fields
                if one.get("type") == "hidden" and one.get("name") not in {None, "token"}
            ]
    raise AssertionError(f"no form is sent to {action}")


def choice(answer, what):
    """What the button of a decision sends: `1:3:keep`."""
    return re.search(rf'name="one" value="(\d+:\d+:{what})"', answer.text)[1]


def batch(answer):
    """What the button says that takes the last decision back."""
    return re.search(r'class="toast".*?name="batch" value="(\d+)"', answer.text, re.DOTALL)[1]
