"""Do the examples of docs/anchors.md do what the page says?"""

import re
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.template import Context, Template

from docs.generate import FOLDER
from oscar_engage.widgets.anchors.shipped import SHIPPED_SLOTS
from oscar_engage.widgets.anchors.verdict import judge

PAGE = (FOLDER / "anchors.md").read_text()


def test_template_example__rendered__marks_both_elements() -> None:
    (block,) = re.findall(r"^```django\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    product = SimpleNamespace(pk=12, _meta=SimpleNamespace(model_name="product"))
    html = Template(block).render(Context({"product": product}))
    assert 'data-engage-id="size-table" data-engage-object="product:12"' in html
    assert '<p data-engage-id="delivery-times">' in html


def test_table__lists_each_of_oscars_places() -> None:
    assert tuple(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE)) == SHIPPED_SLOTS


@pytest.mark.django_db
def test_command_example__is_named_as_it_is_and_judges_as_it_says() -> None:
    (command,) = re.findall(r"\$ python manage\.py (engage_\w+)$", PAGE, re.MULTILINE)
    call_command(command)
    shown = re.findall(r"^(broken|found) +(\d+) of (\d+)", PAGE, re.MULTILINE)
    assert len(shown) == 2
    for verdict, found, tried in shown:
        assert judge(int(found), int(tried) - int(found)) == verdict
