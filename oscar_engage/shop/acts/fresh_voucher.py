"""Give the shopper a voucher of their own: fresh, for one use, in this basket, for some hours, with a chosen one's offers."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model

from oscar_engage.conf import get_settings
from oscar_engage.core.sentences import before_full_stop
from oscar_engage.desk.acts.models import Proposal, ProposalState
from oscar_engage.desk.acts.registry import Act, ActRefusedError, Asking, Params, act
from oscar_engage.shop.acts.own_basket import own_basket, pass_on
from oscar_engage.shop.acts.voucher import apply_voucher, find_voucher

NAME = "voucher.give"

SET_NAME = "Given by customer service"
"""The voucher set that holds them, which Oscar shows to shoppers in their place, and whose dashboard says what they came to."""

_LONGEST_NAME = 100
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def list_templates() -> Iterator[tuple[str, str]]:
    """Give code and name of each voucher that the shop chose as an example and that is there; one query."""
    codes = [code.upper() for code in get_settings().act_voucher_templates]
    if codes:
        yield from get_model("voucher", "Voucher").objects.filter(code__in=codes).order_by("name").values_list("code", "name")


def prepare(asking: Asking, typed: QueryDict) -> Params:
    """Return which example it follows; one for each shopper within ``ACT_VOUCHER_HOURS``."""
    titles = dict(list_templates())
    code = typed.get("template", "")
    if code not in titles:
        raise ActRefusedError(_("Your shop has not chosen this voucher for giving."))
    since = asking.now - timedelta(hours=get_settings().act_voucher_hours)
    given = Proposal.objects.filter(act=NAME, conversation__visitor_id=asking.conversation.visitor_id, settled_at__gt=since)
    if given.filter(state__in=[ProposalState.AGREED, ProposalState.DONE]).exists():
        raise ActRefusedError(_("This shopper was given a voucher already."))
    return {"template": code, "title": titles[code]}


def say(agent: str, params: Params) -> str:
    """Return the proposal in words."""
    words = {"agent": agent, "title": params["title"], "hours": get_settings().act_voucher_hours}
    return _("%(agent)s would like to give you a voucher for this basket: “%(title)s”, valid for %(hours)s hours.") % words


def carry_out(request: HttpRequest, params: Params) -> str:
    """Make the voucher and apply it, or neither; never beside another one from an agent, or with the same offer."""
    with own_basket(request, params) as basket:
        example = find_voucher(params["template"])
        if example is None or params["template"] not in dict(list_templates()):
            raise ActRefusedError(_("The shop does not give this voucher any more."))
        _check_alone(basket, example)
        voucher = make_own(example, set_name=SET_NAME, hours=get_settings().act_voucher_hours)
        heard = apply_voucher(request, basket, voucher)
    pass_on(request, [(level, words, tags) for level, words, tags in heard if voucher.code not in words])
    until = before_full_stop(date_format(timezone.localtime(voucher.end_datetime), "SHORT_DATETIME_FORMAT"))
    return _("The voucher “%(title)s” is in the basket, until %(until)s.") % {"title": params["title"], "until": until}


def _check_alone(basket: Any, example: Any) -> None:
    if not basket.id:
        raise ActRefusedError(_("The basket is empty."))
    if basket.vouchers.filter(voucher_set__name=SET_NAME).exists():
        raise ActRefusedError(_("A voucher from us is in the basket already."))
    if basket.vouchers.filter(offers__in=example.offers.all()).exists():
        raise ActRefusedError(_("This voucher is in the basket already."))


def make_own(example: Any, *, set_name: str, hours: int) -> Any:
    """Return a new voucher for one use within so many hours, which only the basket can have that it is put into now.

    Its code begins with a space: Oscar's form strips what is typed, so nobody can enter it, neither whoever reads it over a
    shoulder nor a friend it is sent to. The basket that it is put into here keeps it, also when the shopper logs in.
    """
    model, now = get_model("voucher", "Voucher"), timezone.now()
    end = now + timedelta(hours=hours)
    kept = _get_set(set_name, end)
    letters = "".join(secrets.choice(_ALPHABET) for _at in range(12))
    voucher = model.objects.create(
        name=f"{example.name[:_LONGEST_NAME]} {letters[:6]}",
        code=f" {letters}",
        usage=model.SINGLE_USE,
        start_datetime=now,
        end_datetime=end,
        voucher_set=kept,
    )
    voucher.offers.set(example.offers.all())
    return voucher


def _get_set(name: str, end: Any) -> Any:
    model = get_model("voucher", "VoucherSet")
    wanted = {"count": 0, "description": "", "start_datetime": timezone.now(), "end_datetime": end}
    kept, _created = model.objects.get_or_create(name=name, defaults=wanted)
    latest = max(end, kept.end_datetime)
    model.objects.filter(pk=kept.pk).update(count=F("count") + 1, end_datetime=latest)
    return kept


GIVE = act(
    Act(
        name=NAME,
        label=gettext_lazy("Give a voucher"),
        prepare=prepare,
        say=say,
        carry_out=carry_out,
        is_voucher=True,
    )
)
