"""How does a shopper get a voucher of their own with an offer? They take it, and it lies in their basket: no code to pass on.

It is made when it is taken, in the shopper's own request: a voucher made when it is shown would be one for everybody who passes
by. Whatever is asked twice is given once: by decision, and by visitor or customer within the days that the offer names.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Arm, Decision
from oscar_engage.desk.acts.registry import ActRefusedError
from oscar_engage.shop.acts.fresh_voucher import SET_NAME as SET_OF_AGENTS
from oscar_engage.shop.acts.fresh_voucher import list_templates, make_own
from oscar_engage.shop.acts.own_basket import own_basket, pass_on
from oscar_engage.shop.acts.voucher import apply_voucher, find_voucher
from oscar_engage.visitors.models import Visitor
from oscar_engage.widgets.contents.base import Content, Settings
from oscar_engage.widgets.contents.registry import CONTENTS
from oscar_engage.widgets.models import Engagement, GivenVoucher
from oscar_engage.widgets.scene import Scene

SET_NAME = "Given with an offer"
"""The voucher set that holds them; its page in Oscar's dashboard says what they came to."""

_CONTROL = {"class": "form-control"}


class VoucherForm(forms.Form):
    """Which voucher is the example, how long the shopper's own holds, and how often one shopper gets one."""

    template = forms.ChoiceField(
        label=gettext_lazy("By the example of"),
        widget=forms.Select(attrs=_CONTROL),
        help_text=gettext_lazy("The vouchers that your shop names in ACT_VOUCHER_TEMPLATES: the shopper's own has its offers."),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Holds for (hours)"),
        min_value=1,
        max_value=720,
        initial=48,
        widget=forms.NumberInput(attrs=_CONTROL),
    )
    days = forms.IntegerField(
        label=gettext_lazy("One for each shopper within (days)"),
        min_value=1,
        max_value=365,
        initial=90,
        widget=forms.NumberInput(attrs=_CONTROL),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.choices = [(code, f"{name} ({code})") for code, name in list_templates()]


class OwnVoucher(Content):
    """A voucher for one use in this basket; offered to who has something in it and no voucher yet."""

    name = "voucher"
    label = gettext_lazy("A voucher of the shopper's own")
    template = "oscar_engage/widgets/contents/voucher.html"
    form_class = VoucherForm
    asks = True
    opens = "engage:own-voucher"
    button = gettext_lazy("Put it into my basket")

    def is_available(self) -> bool:
        """Whether the shop names examples."""
        return bool(get_settings().act_voucher_templates)

    def read(self, settings: Settings, scene: Scene) -> Mapping[str, Any] | None:
        """Return until when it would hold; ``None`` for who cannot have it, with two queries at most."""
        basket = scene.state.basket
        if not basket.lines or basket.has_voucher or settings.get("template") not in dict(list_templates()):
            return None
        since = scene.now - timedelta(days=settings["days"])
        if _given_since(scene.visitor_id, scene.customer_id, since).exists():
            return None
        return {"terms": terms(settings)}

    def example(self, settings: Settings) -> Mapping[str, Any]:
        """Return what it says to everybody."""
        return {"terms": terms(settings)}


def terms(settings: Settings) -> str:
    """Return in words for what the voucher is, and how long it holds."""
    hours = settings.get("hours") or 48
    words = ngettext("For this basket, once, within %(number)d hour.", "For this basket, once, within %(number)d hours.", hours)
    return words % {"number": hours}


def find_offered(visitor: Visitor | None, decision_id: UUID) -> Engagement | None:
    """Return the engagement of an offer that was really made to this visitor, if it is one of a voucher and still on."""
    if visitor is None:
        return None
    made = Decision.objects.filter(pk=decision_id, visitor_id=visitor.pk, arm=Arm.TREATED, offered_at__isnull=False)
    slug = made.values_list("engagement", flat=True).first()
    rows = Engagement.objects.filter(slug=slug, content=OwnVoucher.name, is_active=True)
    return rows.first() if slug else None


def was_given(decision_id: UUID) -> bool:
    """Whether the voucher of this offer was taken."""
    return GivenVoucher.objects.filter(decision_id=decision_id).exists()


def give(request: HttpRequest, visitor: Visitor, engagement: Engagement, decision_id: UUID, *, now: datetime) -> None:
    """Make the voucher of this offer and put it into the request's basket; taken before, nothing happens.

    Raises ``ActRefusedError`` in words for the shopper, and then nothing was given.
    """
    settings = engagement.settings
    with transaction.atomic(using=get_settings().database):
        Visitor.objects.filter(_same(visitor.pk, visitor.customer_id)).update(last_seen_at=now)  # locks: one at a time
        if was_given(decision_id):
            return
        since = now - timedelta(days=settings["days"])
        if _given_since(visitor.pk, visitor.customer_id, since).exists():
            raise ActRefusedError(_("You had a voucher from us lately."))
        voucher = _put_into_basket(request, settings)
        told = {"decision_id": decision_id, "visitor_id": visitor.pk, "voucher_id": voucher.pk}
        GivenVoucher.objects.create(**told, given_at=now, ends_at=voucher.end_datetime)


def _put_into_basket(request: HttpRequest, settings: Settings) -> Any:
    with own_basket(request, {}) as basket:
        example = find_voucher(settings["template"])
        if example is None or settings["template"] not in dict(list_templates()):
            raise ActRefusedError(_("The shop does not give this voucher any more."))
        if basket.id and basket.vouchers.filter(voucher_set__name__in=(SET_NAME, SET_OF_AGENTS)).exists():
            raise ActRefusedError(_("A voucher from us is in the basket already."))
        if basket.id and basket.vouchers.filter(offers__in=example.offers.all()).exists():
            raise ActRefusedError(_("This voucher is in the basket already."))
        voucher = make_own(example, set_name=SET_NAME, hours=settings["hours"])
        heard = apply_voucher(request, basket, voucher)
    pass_on(request, [(level, words, tags) for level, words, tags in heard if voucher.code not in words])
    return voucher


def _same(visitor_id: UUID, customer_id: int | None) -> Q:
    """Return whoever is the same shopper: this browser, and the customer's others."""
    own = Q(pk=visitor_id)
    return own if customer_id is None else own | Q(customer_id=customer_id)


def _given_since(visitor_id: UUID, customer_id: int | None, since: datetime) -> Any:
    same = Visitor.objects.filter(_same(visitor_id, customer_id)).values("pk")
    return GivenVoucher.objects.filter(visitor_id__in=same, given_at__gt=since)


CONTENTS.register(OwnVoucher.name, OwnVoucher())
