"""Does docs/hooks.md name every hook and registry, and does its code run?"""

import re
from typing import Any

import pytest
from django.dispatch import Signal

from docs.generate import FOLDER
from oscar_engage import hooks
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import HANDLERS
from oscar_engage.jobs.run import run_job
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.consent import ConsentLevel
from tests.dashboard.conftest import DOCUMENT, NOW

PAGE = (FOLDER / "hooks.md").read_text()
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_page__every_signal_we_send__has_its_row() -> None:
    sent = {name for name, value in vars(hooks).items() if isinstance(value, Signal)}
    assert sent == set(re.findall(r"^\| `(\w+)` \|", PAGE.partition("## Registries")[0], re.MULTILINE))


@pytest.mark.django_db(transaction=True)
def test_page__its_code__hears_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HANDLERS, "_entries", dict(HANDLERS._entries))
    names: dict[str, Any] = {}
    for block in BLOCK.findall(PAGE):
        exec(block, names)  # noqa: S102 - the page's own code
    try:
        rule, kinds = Rule.objects.create(name="Hesitation"), {"delivery-times": "balloon"}
        save_draft(rule, DOCUMENT, user=None, now=NOW, engagements=kinds)
        publish(rule, user=None, now=NOW, engagements=kinds)
        assert names["published"] == ["Hesitation 1"]
        enqueue("myshop.greet", key="greet:7", payload={"order": 7}, now=NOW)
        run_job("greet:7", now=NOW)
        assert names["greeted"] == [7]
        assert names["everybody_agreed"](None) is ConsentLevel.PERSONALISATION
    finally:
        hooks.rule_published.disconnect(dispatch_uid="myshop-note-rule")
