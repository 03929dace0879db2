"""Do the two commands find the right person, say what they would do, and do it?"""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import pre_delete
from django.utils import timezone

from oscar_engage.jobs.run import run_due
from oscar_engage.models import Erasure, SignalRecord, Visitor
from tests.privacy.conftest import Known

pytestmark = pytest.mark.django_db


def call(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("whom", ["918273645", "adalovelace@example.com"])
def test_export__of_a_customer__writes_the_document(whom: str, ada: Known) -> None:
    document = json.loads(call("engage_export", "--customer", whom))
    assert [row["email"] for row in document["data"]["conversations"]] == [ada.user.email, ""]


def test_export__to_a_file__says_where(ada: Known, tmp_path: Path) -> None:
    target = tmp_path / "ada.json"
    assert str(target) in call("engage_export", "--visitor", str(ada.visitor.pk), "--output", str(target))
    assert json.loads(target.read_text(encoding="utf-8"))["about"]["visitors"] == [str(ada.visitor.pk)]


def test_erase__dry_run__counts_and_changes_nothing(ada: Known) -> None:
    said = call("engage_erase", "--customer", "918273645", "--dry-run")

    assert [line.split() for line in said.splitlines() if line.startswith(("Signal", "Decision"))] == [
        ["SignalRecord", "3", "deleted"],
        ["Decision", "1", "anonymised"],
    ]
    assert SignalRecord.objects.count() == 3
    assert not Erasure.objects.exists()


def test_erase__of_a_visitor__says_what_is_gone(ada: Known, bob: Known) -> None:
    said = call("engage_erase", "--visitor", str(ada.visitor.pk))

    assert ["SignalRecord", "3", "deleted"] in [line.split() for line in said.splitlines()]
    assert Visitor.objects.get() == bob.visitor
    assert call("engage_erase", "--visitor", str(ada.visitor.pk)).strip() == "There was nothing to erase."
    assert call("engage_erase", "--visitor", str(ada.visitor.pk), "--dry-run").strip() == "Nothing is kept about this person."


def test_erase__a_part_fails__says_that_it_goes_on(ada: Known) -> None:
    def fail(**kwargs: object) -> None:
        raise OSError("the disk is full")

    pre_delete.connect(fail, sender=SignalRecord)
    said = call("engage_erase", "--customer", "918273645")
    pre_delete.disconnect(fail, sender=SignalRecord)

    assert "goes on in the background" in said
    assert SignalRecord.objects.count() == 3

    run_due(now=timezone.now() + timedelta(hours=1))

    assert Erasure.objects.get().finished_at is not None
    assert not SignalRecord.objects.exists()


@pytest.mark.parametrize("args", [(), ("--visitor", "nobody"), ("--visitor", "x", "--customer", "7")])
def test_commands__without_exactly_one_person__are_refused(args: tuple[str, ...]) -> None:
    for name in ("engage_export", "engage_erase"):
        with pytest.raises(CommandError):
            call(name, *args)
