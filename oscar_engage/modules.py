"""Which modules does the shop use? Asked wherever a page, an address, a job, or what a rule does or reads may be off."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oscar_engage.conf import get_settings
from oscar_engage.core.modules import MODULES, Kind, owners, switched_off

LABELS: dict[str, str | Promise] = {
    "rules": _("Rules and engagements"),
    "surveys": _("Surveys"),
    "learning": _("Learning"),
    "desk": _("Desk"),
    "chat": _("Chat"),
    "calls": _("Calls"),
    "shared_page": _("Shared page"),
    "voices": _("Talks"),
    "outside": _("Outside desk"),
}
"""What people read instead of a module's name."""


def is_on(module: str) -> bool:
    """Whether the shop uses this module and all that it needs."""
    return get_settings().has(module)


def has_feature(name: str) -> bool:
    """Whether the shop uses the module ``name``, and has set what it cannot do without.

    Raises ``KeyError`` for a name that is no module's.
    """
    setting, settings = MODULES[name].setting, get_settings()
    return settings.has(name) and (not setting or bool(getattr(settings, setting)))


def is_there(kind: Kind, name: str) -> bool:
    """Whether the part ``name`` of that kind is there: each module that it belongs to is on."""
    return not off_owners(kind, name)


def off_owners(kind: Kind, name: str) -> list[str]:
    """Return the modules that are off and that the part belongs to, in the order of the table."""
    owning = owners(kind, name)
    return [module for module in MODULES if module in owning and not is_on(module)] if owning else []


def off_among(kind: Kind, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that belong to a module that is off."""
    return [name for name in names if not is_there(kind, name)] if get_settings().modules_off else []


def say_modules(names: Iterable[str]) -> str:
    """Return these modules in words, as a list."""
    return ", ".join(str(LABELS.get(name, name)) for name in names)


def file_name(path: str) -> str:
    """Return by which name the table knows the static file at ``path``."""
    return path.rpartition("/")[2]


def off_modules() -> list[str]:
    """Return the modules that the shop has switched off, with all that need them, in the order of the table."""
    return [module for module in MODULES if module in switched_off(get_settings().modules_off)]


def guarded(kind: Kind, patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Return ``patterns`` such that each answers 404 while a module is off that its name belongs to."""
    found = list(patterns)
    for pattern in found:
        if pattern.name and owners(kind, pattern.name):
            pattern.callback = _while_there(kind, pattern.name, pattern.callback)
    return found


def _while_there(kind: Kind, name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def look_first(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not is_there(kind, name):
            raise Http404(name)
        return view(request, *args, **kwargs)

    return look_first
