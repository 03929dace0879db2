"""Why can a text with placeholders not be saved? In words, with what to type instead."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.core.placeholders import PlaceholderError

_REASONS: Mapping[str, str | Promise] = {
    "unknown": gettext_lazy("There is no placeholder “%(found)s”."),
    "nested": gettext_lazy("Braces cannot stand within braces: “%(found)s”."),
    "unclosed": gettext_lazy("Two closing braces are missing after “%(found)s”."),
    "template": gettext_lazy("“%(found)s” means nothing here: nothing is run."),
    "too_many": gettext_lazy("There can be %(found)s placeholders in one text at most."),
}


def why_refused(error: PlaceholderError, known: Collection[str]) -> str:
    """Return what is wrong, the name that was probably meant, and all ``known`` ones."""
    reason = str(_REASONS[error.reason]) % {"found": error.found}
    if error.near:
        reason = _("%(reason)s Did you mean %(near)s?") % {"reason": reason, "near": braced(error.near)}
    return _("%(reason)s These can be used: %(known)s.") % {"reason": reason, "known": ", ".join(map(braced, known))}


def braced(name: str) -> str:
    """Return a placeholder as it is typed."""
    return f"{{{{ {name} }}}}"
