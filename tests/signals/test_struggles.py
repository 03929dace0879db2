"""What a browser may tell of struggles: names of fields, counts and times within bounds, and no text."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.signals import shipped_struggles as struggles
from oscar_engage.signals.ingest import RejectedSignalError, Rejection, check_signal
from oscar_engage.signals.kinds import KINDS

OURS = sorted(kind.name for kind in KINDS if kind.payload.__module__ == struggles.__name__)


@pytest.mark.parametrize(
    ("kind", "data", "payload"),
    [
        ("page.rage_clicked", {"place": "price|product:5"}, struggles.RageClicked(place="price|product:5")),
        ("page.dead_clicked", {}, struggles.DeadClicked()),
        ("field.hesitated", {"name": "form-0[line1]", "seconds": 4}, struggles.FieldHesitated(name="form-0[line1]", seconds=4)),
        (
            "field.left",
            {"name": "phone", "seconds": 2.5, "edits": 1, "returns": 2, "empty": True, "invalid": True, "value": "Ada"},
            struggles.FieldLeft(name="phone", seconds=2.5, edits=1, returns=2, empty=True, invalid=True),
        ),
        ("pointer.thrashed", {}, struggles.PointerThrashed()),
        ("page.scrolled", {"deepest": 75}, struggles.PageScrolled(deepest=75)),
        ("page.sought", {}, struggles.PageSought()),
        ("text.copied", {"length": 9, "price": True, "text": "£1,299.00"}, struggles.TextCopied(length=9, price=True)),
        ("option.toggled", {"name": "child_id", "times": 4}, struggles.OptionToggled(name="child_id", times=4)),
        ("script.failed", {"count": 2, "message": "x"}, struggles.ScriptFailed(count=2)),
    ],
)
def test_check_signal__of_a_struggle__keeps_what_it_may_carry(kind: str, data: dict[str, Any], payload: Any) -> None:
    assert check_signal(kind, data, from_browser=True) == payload


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("field.left", {"name": "Ada Lovelace"}),
        ("field.left", {"name": "ada@example.com"}),
        ("field.left", {"name": "line1\n"}),
        ("field.left", {"name": "a" * 65}),
        ("field.left", {"edits": -1}),
        ("field.left", {"seconds": 1e9}),
        ("field.left", {"empty": "yes"}),
        ("field.hesitated", {"name": "größe"}),
        ("option.toggled", {"name": "<b>"}),
        ("page.scrolled", {"deepest": 30}),
        ("page.scrolled", {}),
        ("page.rage_clicked", {"place": "p" * 131}),
        ("text.copied", {"length": 1_000_001}),
        ("script.failed", {"count": 1.5}),
    ],
)
def test_check_signal__more_than_a_name_or_a_count__is_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(RejectedSignalError) as caught:
        check_signal(kind, data, from_browser=True)

    assert caught.value.reason is Rejection.INVALID


@given(kind=st.sampled_from(OURS), text=st.text(min_size=1, max_size=80), data=st.data())
def test_check_signal__text_in_any_field__is_a_plain_name_or_refused(kind: str, text: str, data: st.DataObject) -> None:
    fields = KINDS.get(kind).payload.__struct_fields__
    where = data.draw(st.sampled_from([*fields, "value"]))
    try:
        payload = check_signal(kind, {where: text}, from_browser=True)
    except RejectedSignalError:
        return

    kept = msgspec.to_builtins(payload)
    assert "value" not in kept
    assert all(name == "place" or set(str(one)) <= set(NAME) for name, one in kept.items())


NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]"
