"""Is the outside desk set up? A system check that says what is missing and what to type."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from oscar_engage.checks.given import Apps, settings_or_none
from oscar_engage.outside.facts import SENDS
from oscar_engage.outside.port import OutsideDesk

VERBS = tuple(name for name in vars(OutsideDesk) if not name.startswith("_") and name != "name")
"""What an adapter has to do."""

HINT = "docs/outside-desk.md says where each stands."


@register("oscar_engage")
def check_outside(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E018: ``OUTSIDE_DESK`` cannot be used. W020: nobody is named for agents there whom nobody here knows."""
    settings = settings_or_none()
    if settings is None or not settings.outside_desk:
        return []
    given = dict(settings.outside_desk)
    found: list[CheckMessage] = [
        Error(f"OSCAR_ENGAGE['OUTSIDE_DESK'] cannot be used: {complaint}.", hint=HINT, id="oscar_engage.E018")
        for complaint in _complaints(given)
    ]
    if not given.get("AGENT"):
        found.append(
            Warning(
                "OSCAR_ENGAGE['OUTSIDE_DESK'] names no AGENT: what somebody answers there who is no agent here with the same "
                "e-mail address does not reach the shopper.",
                hint="Add 'AGENT': 'desk@shop.example', the e-mail address of an agent here whose name shoppers then read.",
                id="oscar_engage.W020",
            )
        )
    return found


def _complaints(given: Mapping[str, Any]) -> Iterator[str]:
    try:
        adapter = import_string(given["ADAPTER"])
    except ImportError as error:
        yield f"ADAPTER cannot be imported ({error})"
        return
    missing = [verb for verb in VERBS if not callable(getattr(adapter, verb, None))]
    if missing:
        yield f"ADAPTER is no class with {', '.join(missing)}"
        return
    if callable(check := getattr(adapter, "check", None)):
        yield from check(given)
    unknown = sorted(set(given.get("SENDS") or ()) - set(SENDS))
    if unknown:
        yield f"SENDS is a list of some of {', '.join(SENDS)}, not of {', '.join(unknown)}"
    if isinstance(given.get("QUEUES", ()), str):
        yield "QUEUES is a list of short names, such as ['support']"
