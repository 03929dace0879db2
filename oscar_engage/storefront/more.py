"""Which scripts do only some pages need? Each with what must stand in the page for it to be loaded, once the page is idle."""

from oscar_engage.conf import get_settings
from oscar_engage.modules import file_name, is_there

KEEP = "oscar_engage/dist/keep.js"
_WORTH_KEEPING = 'form textarea, [name="line1"], [data-engage-keep]'
_FIELDS = 'form[method="post"] :is(input:not([type="hidden"], [type="submit"]), select, textarea)'
_ENDS_KEEPING = '[type="password"], [href*="logout"], [action*="logout"]'
"""Where one logs in what was sent did not arrive; where one logs out all is forgotten."""

MORE: tuple[tuple[str, str], ...] = (
    (f"{_WORTH_KEEPING}, {_ENDS_KEEPING}", KEEP),
    (_FIELDS, "oscar_engage/dist/field_help.js"),
    ("[data-engage-segment]", "oscar_engage/dist/segment.js"),
    (".engage-page [data-engage-suggest]", "oscar_engage/dist/suggest.js"),
    ('[data-engage-widget="survey"]', "oscar_engage/dist/survey.js"),
)
"""Pairs of a CSS selector and the static path of a module; its ``start({openPanel, signal})`` is called when it has come.

Where the selector is that of an offer, ``start({element, signal, finish})`` is called when the offer stands in the page.
"""


def list_more() -> list[tuple[str, str]]:
    """Return those that the shop wants, and has the modules for."""
    wanted = [pair for pair in MORE if pair[1] != KEEP or get_settings().auto_save]
    return [pair for pair in wanted if is_there("scripts", file_name(pair[1]))]
