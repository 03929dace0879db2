"""Do the modules that are on have what they need? A system check that names what to switch off, too."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from oscar_engage.checks.given import Apps, settings_or_none
from oscar_engage.core.modules import left_without, switched_off


@register("oscar_engage")
def check_modules(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E017: ``MODULES_OFF`` names a module and leaves one on that needs it; that one is off as well, unsaid.

    Talks (``voices``) and the ``outside`` desk are off until a shop sets them up, and need not be named by one that has not.
    """
    settings = settings_or_none()
    if settings is None:
        return []
    is_used = {"voices": settings.voices or settings.voices_rooms, "outside": settings.outside_desk}
    unused = [name for name, used in is_used.items() if not used]
    off = switched_off(settings.modules_off)
    whole = ", ".join(repr(name) for name in sorted(off) if name not in unused)
    return [
        Error(
            f"OSCAR_ENGAGE['MODULES_OFF'] names {need!r} and not {module!r}, which needs it.",
            hint=f"Name both: 'MODULES_OFF': [{whole}].",
            id="oscar_engage.E017",
        )
        for module, need in left_without((*settings.modules_off, *unused))
    ]
