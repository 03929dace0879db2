"""What page does this request show? Facts for rules, from the resolved address alone."""

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import get_language_from_path

from oscar_engage.conf import get_settings
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts

_KIND_OF_VIEW = {
    "home": "home",
    "catalogue:index": "category",
    "catalogue:category": "category",
    "catalogue:detail": "product",
    "search:search": "search",
}
_KIND_OF_NAMESPACE = {"basket": "basket", "checkout": "checkout", "customer": "account", "engage": "help"}


def get_page_facts(match: ResolverMatch | None) -> PageFacts:
    """Return the facts of the page at ``match``; Oscar's names of views and namespaces tell them apart."""
    if match is None:
        return UNKNOWN_PAGE
    namespace = match.namespaces[0] if match.namespaces else ""
    kind = "help" if _is_help(match.view_name, namespace) else None
    kind = kind or _KIND_OF_VIEW.get(match.view_name) or _KIND_OF_NAMESPACE.get(namespace, "other")
    pk = match.kwargs.get("pk")
    number = int(pk) if pk is not None and str(pk).isdecimal() else None
    return PageFacts(
        kind=kind,
        product_id=number if kind == "product" else None,
        category_id=number if kind == "category" else None,
        step=match.url_name or "" if kind == "checkout" else "",
    )


def _is_help(view_name: str, namespace: str) -> bool:
    """Whether the shop says that this is a page of its help."""
    views = get_settings().help_views
    return bool(views) and (view_name in views or namespace in views)


def is_payment_page(match: ResolverMatch | None) -> bool:
    """Whether this is one of the pages on which a shopper pays, where no script of ours may run."""
    return match is not None and match.view_name in get_settings().payment_views


def is_excluded(request: HttpRequest) -> bool:
    """Whether the address is one we stay away from, with or without a language in front."""
    return is_excluded_path(request.path_info)


def is_excluded_path(path: str) -> bool:
    """Whether a path, without what the whole site is mounted under, is one we stay away from."""
    excluded = get_settings().excluded_paths
    if path.startswith(excluded):
        return True
    language = get_language_from_path(path) if django_settings.USE_I18N else None
    return language is not None and path.removeprefix(f"/{language}").startswith(excluded)
