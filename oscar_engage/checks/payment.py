"""Do the pages on which shoppers pay carry no script of ours? A system check of the names in ``PAYMENT_VIEWS``."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from oscar_engage.checks.given import Apps, settings_or_none
from oscar_engage.conf import EngageSettings
from oscar_engage.storefront.pages import is_excluded_path

OSCARS_OWN = EngageSettings().payment_views
"""The views in which Oscar's own checkout takes the payment: what the default names."""


@register(Tags.urls)
def check_payment_views(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W021: ``PAYMENT_VIEWS`` names a view that the shop has not, or leaves out one of Oscar's that it has.

    Either way a page on which shoppers pay may carry our script (PCI DSS 6.4.3). Views below ``EXCLUDED_PATHS`` carry none.
    """
    settings = settings_or_none()
    if settings is None:
        return []
    names = set(_names(get_resolver()))
    unknown = [name for name in settings.payment_views if name not in names]
    forgotten = [name for name in OSCARS_OWN if name in names and name not in settings.payment_views and not _is_excluded(name)]
    return [_warn_of_unknown(name, names) for name in unknown] + [_warn_of_forgotten(name) for name in forgotten]


def _warn_of_unknown(name: str, names: set[str]) -> CheckMessage:
    close = get_close_matches(name, sorted(names), n=1)
    meant = f"Did you mean {close[0]!r}? " if close else ""
    return Warning(
        f"OSCAR_ENGAGE['PAYMENT_VIEWS'] names {name!r}, and no address of the shop has that name: the page meant may carry our "
        "script.",
        hint=f"{meant}Name the views in which shoppers pay as their addresses do, namespace first, such as 'checkout:preview'; "
        "() where nobody pays in this shop.",
        id="oscar_engage.W021",
    )


def _warn_of_forgotten(name: str) -> CheckMessage:
    return Warning(
        f"OSCAR_ENGAGE['PAYMENT_VIEWS'] leaves out {name!r}, which the shop has: our script runs on that page (PCI DSS 6.4.3).",
        hint=f"Add {name!r} to PAYMENT_VIEWS. If nobody pays there, add 'oscar_engage.W021' to SILENCED_SYSTEM_CHECKS.",
        id="oscar_engage.W021",
    )


def _names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what ``ResolverMatch.view_name`` can be in the shop; unlike ``reverse``, this asks for no arguments."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or entry.lookup_str))
        else:
            yield from _names(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)


def _is_excluded(name: str) -> bool:
    try:
        return is_excluded_path(reverse(name))
    except NoReverseMatch:  # it asks for arguments, so it is not where Oscar puts it
        return False
