"""Where do the links in mails about baskets lead? To the goods, to the end of such mails; and the page that asks for them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oscar_engage.conf import get_settings
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError
from oscar_engage.reminders.confirm import enqueue_confirmation
from oscar_engage.reminders.link import access_mail_by_link, access_permission_by_link, read_unsubscribe
from oscar_engage.reminders.models import BasketMail, MailPermission
from oscar_engage.reminders.permission import ask_permission, confirm, is_offered, take_back
from oscar_engage.reminders.told import mark_followed, unsubscribe
from oscar_engage.shop.goods import fill_up, list_goods
from oscar_engage.shop.orders import is_ordered
from oscar_engage.storefront.answers import private, render_panel
from oscar_engage.storefront.views_basket import tell

View = Callable[[HttpRequest], HttpResponse]
_READING_AND_POSTING = ["GET", "HEAD", "POST"]


def alone(view: View) -> View:
    """Keep the answers of ``view``, whose address is a secret of the mail it is in, out of caches, indexes and referrers."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


@csrf_exempt  # the mailbox provider posts here, without cookies (RFC 8058): the signed token is what authorises
@alone
@require_http_methods(_READING_AND_POSTING)
def stop_mails(request: HttpRequest) -> HttpResponse:
    """End such mails on a POST; a GET, which scanners of mails make as well, only asks. The answer is the same for all."""
    title = _("Mails about your basket")
    try:
        basket_id, digests = read_unsubscribe(request.GET.get("token", ""))
    except InvalidLinkError:
        return render(request, "oscar_engage/storefront/unsubscribe.html", {"title": title, "is_unknown": True}, status=404)
    is_done = request.method == "POST"
    if is_done:
        unsubscribe(basket_id, digests, now=timezone.now())
    return render(request, "oscar_engage/storefront/unsubscribe.html", {"title": title, "is_done": is_done})


@private
@require_http_methods(_READING_AND_POSTING)
def left_basket(request: HttpRequest) -> HttpResponse:
    """Show the goods a mail was about; a POST puts them into the asker's own basket. It opens nobody else's, and no account."""
    mail = _find_mail(request.GET.get("token", ""))
    if mail is None:
        return render_panel(request, "left_basket", {"title": pgettext("panel", "Your basket")}, page_status=410)
    is_own = request.basket.id == mail.basket_id  # type: ignore[attr-defined]  # Oscar's middleware put it there
    if request.method == "POST" or is_own:
        if not is_own:
            tell(request, fill_up(request, mail.lines))
        mark_followed(mail, now=timezone.now())
        return redirect("basket:summary")
    context = {"title": pgettext("panel", "Your basket"), "goods": list_goods(mail.lines)}
    return render_panel(request, "left_basket", context)


def _find_mail(token: str) -> BasketMail | None:
    try:
        mail = access_mail_by_link(token)
    except (ExpiredLinkError, InvalidLinkError):
        return None
    return None if is_ordered(mail.basket_id) else mail


@private
@require_http_methods(_READING_AND_POSTING)
@login_required
def mails(request: HttpRequest) -> HttpResponse:
    """The customer's own wish: shown, and changed by a POST."""
    if not is_offered() or not getattr(request.user, "email", ""):
        raise Http404
    customer: AbstractBaseUser = request.user  # type: ignore[assignment]  # whoever is not logged in does not come here
    if request.method == "POST":
        _follow_wish(customer, request.POST.get("wish", ""), now=timezone.now())
        return redirect("engage:mails")
    context = {
        "title": _("Mails about your basket"),
        "email": customer.email,  # type: ignore[attr-defined]  # of Oscar's user
        "permission": MailPermission.objects.filter(customer_id=customer.pk).first(),
        "days": get_settings().abandoned_mail_days,
    }
    return render_panel(request, "mails", context)


def _follow_wish(customer: AbstractBaseUser, wish: str, *, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        if wish == "yes":
            permission = ask_permission(customer, language=translation.get_language() or "", now=now)
            enqueue_confirmation(permission, customer.email, now=now)  # type: ignore[attr-defined]  # of Oscar's user
        elif wish == "no":
            take_back(customer.pk)


@private
@alone
@require_http_methods(_READING_AND_POSTING)
def confirm_mails(request: HttpRequest) -> HttpResponse:
    """Confirm, by a link that only the mailbox's owner has, that such mails are wanted; a GET asks, a POST does."""
    title = _("Mails about your basket")
    try:
        permission = access_permission_by_link(request.GET.get("token", ""))
    except (ExpiredLinkError, InvalidLinkError):
        return render(request, "oscar_engage/storefront/mails_confirm.html", {"title": title, "is_unknown": True}, status=410)
    is_done = request.method == "POST"
    if is_done:
        with transaction.atomic(using=get_settings().database):
            confirm(permission, now=timezone.now())
    return render(request, "oscar_engage/storefront/mails_confirm.html", {"title": title, "is_done": is_done})
