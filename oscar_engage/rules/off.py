"""Why does this rule not run, although it is live? Because it speaks of a module that the shop has switched off."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.conf import get_settings
from oscar_engage.core.modules import MODULES
from oscar_engage.modules import off_owners, say_modules
from oscar_engage.rules.engine.tree import ELSE, Document
from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.kinds import SIGNAL_KINDS
from oscar_engage.rules.parameters import bare_name
from oscar_engage.rules.variables import find_variable, split_key


def modules_missing(document: Document) -> list[str]:
    """Return the modules that are off and that ``document`` uses: by what it does, reads or counts."""
    if not get_settings().modules_off:
        return []
    found = set(_by_actions(document)) | set(_by_conditions(document))
    return [module for module in MODULES if module in found]


def say_missing(modules: list[str]) -> str:
    """Return in words why a rule does not run that uses these ``modules``; empty without any."""
    if not modules:
        return ""
    words = ngettext(
        "It does not run: it uses %(modules)s, a module that is switched off in the settings (MODULES_OFF).",
        "It does not run: it uses %(modules)s, modules that are switched off in the settings (MODULES_OFF).",
        len(modules),
    )
    return words % {"modules": say_modules(modules)}


def say_off() -> str:
    """Return what a list says beside such a rule."""
    return _("does not run: a module is off")


def _by_actions(document: Document) -> Iterator[str]:
    for branch in (ELSE, *range(len(document.branches))):
        for action in document.actions(branch):
            yield from off_owners("actions", action.do)


def _by_conditions(document: Document) -> Iterator[str]:
    for key in {condition.field for condition in document.conditions()}:
        yield from off_owners("variables", bare_name(key))
        yield from _by_signals(key)


def _by_signals(key: str) -> Iterator[str]:
    if find_variable(key) is None:
        return
    try:
        entry, params = split_key(key)
    except WrongValueError:
        return
    for parameter in entry.parameters:
        if parameter.type is SIGNAL_KINDS:
            yield from off_owners("signals", str(params.get(parameter.name, "")))
