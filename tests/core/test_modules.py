"""Does the table of modules say what belongs together, and nothing twice by accident?"""

from dataclasses import fields

import pytest

from oscar_engage.conf import EngageSettings
from oscar_engage.core.modules import KINDS, MODULES, Module, left_without, owners, switched_off


@pytest.mark.parametrize(
    ("named", "off"),
    [
        ((), set()),
        (("calls",), {"calls"}),
        (("chat",), {"chat", "shared_page", "voices"}),
        (("desk",), {"desk", "chat", "calls", "shared_page", "voices", "outside"}),
        (("rules",), {"rules", "surveys", "learning"}),
    ],
)
def test_switched_off__what_needs_it__is_off_too(named, off):
    assert switched_off(named) == off


def test_left_without__a_chat_without_a_desk__is_named_with_what_it_needs():
    assert set(left_without(["desk", "calls"])) == {("chat", "desk"), ("outside", "desk")}
    assert not list(left_without(["desk", "chat", "calls", "shared_page", "voices", "outside"]))


def test_table__needs__stand_above():
    seen = set()
    for module in MODULES.values():
        assert set(module.needs) <= seen
        seen.add(module.name)


def test_table__every_module__has_pages_or_addresses():
    assert all(module.pages or module.addresses for module in MODULES.values())


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("pages", "engage-rules", {"rules"}),
        ("pages", "engage-rule-edit", {"rules"}),
        ("pages", "engage-report", {"rules"}),
        ("pages", "engage-reports", set()),
        ("pages", "engage-report-costs", set()),
        ("pages", "engage-call-dial", {"calls"}),
        ("pages", "engage-canned", {"desk"}),
        ("pages", "engage-shared-code", {"shared_page"}),
        ("addresses", "chat", {"chat"}),
        ("addresses", "chat-detail", {"desk"}),
        ("addresses", "call-cancel", {"desk"}),
        ("addresses", "help", set()),
        ("jobs", "desk.purge", set()),
        ("jobs", "learning.night", {"learning"}),
        ("actions", "offer.note", {"rules", "desk"}),
    ],
)
def test_owners__a_part__belongs_to_these(kind, name, found):
    assert owners(kind, name) == found


def test_purges__of_no_module__run_whatever_is_off():
    assert not [pattern for module in MODULES.values() for pattern in module.jobs if "purge" in pattern]


def test_kinds__all_fields_of_a_module__are_kinds():
    assert {field.name for field in fields(Module)} - {"name", "needs", "setting"} == set(KINDS)


def test_table__settings__are_there():
    named = {module.setting for module in MODULES.values()} - {""}
    assert named == {"snapshot_pages", "voices"}
    assert named <= {field.name for field in fields(EngageSettings)}
