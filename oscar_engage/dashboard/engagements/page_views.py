"""How does the draft stand on a page of the shop? One page of their choice, on a large screen and on a phone, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, get_script_prefix, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from oscar.core.loading import get_model

from oscar_engage.dashboard.engagements.reading import read_head
from oscar_engage.storefront.pages import is_excluded_path, is_payment_page
from oscar_engage.storefront.preview_token import MAX_AGE, PARAMETER, Asked, write_token
from oscar_engage.widgets.field_help import FieldHelp
from oscar_engage.widgets.languages import language_name
from oscar_engage.widgets.life.document import as_of
from oscar_engage.widgets.life.parts import languages_of
from oscar_engage.widgets.life.publish import latest_version
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import own_language, wordings_of

_LONGEST_PATH = 500
_PAGES = (
    (gettext_lazy("the basket's page"), "basket:summary"),
    (gettext_lazy("the checkout"), "checkout:index"),
    (gettext_lazy("all products"), "catalogue:index"),
    (gettext_lazy("the start page"), "home"),
)
_FORMS = (
    (gettext_lazy("a new address"), "customer:address-create"),
    (gettext_lazy("the own profile"), "customer:profile-update"),
    (gettext_lazy("the checkout"), "checkout:index"),
    (gettext_lazy("logging in and registering"), "customer:login"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page to look at it on."""

    label: str
    path: str


class WrongPageError(ValueError):
    """No draft can be shown there; the message says why, and what to type."""


class EngagementPageView(View):
    """The newest draft on a page of the shop, in one of its wordings and languages."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page that ``page`` names, or the first of the examples."""
        stored = get_object_or_404(Engagement, pk=pk)
        latest = latest_version(stored)
        engagement = stored if latest is None else as_of(stored, latest.document)
        wordings = {one.name: one for one in wordings_of(engagement)}
        examples = list_examples(with_fields=engagement.widget == FieldHelp.name)
        wording = _chosen(request.GET.get("wording", ""), list(wordings))
        languages = sorted(
            {*wordings[wording].texts, *languages_of(engagement)}, key=lambda code: (code != own_language(), code)
        )
        language = _chosen(request.GET.get("language", ""), languages)
        page = request.GET.get("page", "").strip() or (examples[0].path if examples else "/")
        asked = Asked(
            engagement=stored.pk,
            version=0 if latest is None else latest.number,
            variant=wording,
            language=language,
            user=str(request.user.pk),
        )
        try:
            address, wrong = build_address(page, asked), ""
        except WrongPageError as error:
            address, wrong = "", str(error)
        context = {
            "engagement": stored,
            "head": read_head(stored, request.user, now=timezone.now()),
            "examples": examples,
            "page": page,
            "wordings": list(wordings),
            "wording": wording,
            "languages": [(code, language_name(code)) for code in languages],
            "language": language,
            "address": address,
            "wrong": wrong,
            "minutes": MAX_AGE // 60,
        }
        status = 422 if wrong else 200
        return render(request, "oscar_engage/dashboard/engagements/page.html", context, status=status)


def build_address(page: str, asked: Asked) -> str:
    """Return the address on which ``page`` shows the draft, in the language asked for; raises :class:`WrongPageError`."""
    target = urlsplit(page)
    path = target.path
    if target.scheme or target.netloc or not path.startswith("/") or path.startswith("//") or len(page) > _LONGEST_PATH:
        raise WrongPageError(_("Type the address of a page of this shop from its first slash on, such as /catalogue/."))
    match = _resolve(path)
    if match is None:
        raise WrongPageError(_("There is no page at this address. Open it in the shop and copy what stands after its name."))
    if is_payment_page(match):
        raise WrongPageError(_("On the pages on which one pays there is never a widget. Choose another page."))
    if is_excluded_path(f"/{path.removeprefix(get_script_prefix())}"):
        raise WrongPageError(_("On this page there is never a widget: EXCLUDED_PATHS leaves it out. Choose another page."))
    query = "&".join(part for part in (target.query, urlencode({PARAMETER: write_token(asked)})) if part)
    return f"{translate_url(path, asked.language)}?{query}"


def list_examples(*, with_fields: bool = False) -> Sequence[Example]:
    """Return pages that most shops have: a product, the basket, the checkout, the start page.

    ``with_fields``: those on which something is filled in, first an address, which staff can open without a basket.
    """
    if with_fields:
        return list(_named(_FORMS))
    product = get_model("catalogue", "Product").objects.filter(is_public=True).exclude(structure="child").order_by("pk").first()
    found = (
        [Example(label=_("a product: %(title)s") % {"title": product.get_title()}, path=product.get_absolute_url())]
        if product
        else []
    )
    return [*found, *_named(_PAGES)]


def _named(pages: Sequence[tuple[str | Promise, str]]) -> Iterator[Example]:
    for label, name in pages:
        try:
            yield Example(label=str(label), path=reverse(name))
        except NoReverseMatch:
            continue


def _resolve(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _chosen(typed: str, known: Sequence[str]) -> str:
    return typed if typed in known else known[0]
