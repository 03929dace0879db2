"""Apply a voucher that the shop has to the shopper's basket: by Oscar's own rules, as if they had typed its code."""

from typing import Any

from django.contrib.messages import constants
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_class, get_model

from oscar_engage.desk.acts.registry import Act, ActRefusedError, Asking, Params, act
from oscar_engage.shop.acts.own_basket import overhear, own_basket, pass_on


def prepare(asking: Asking, typed: QueryDict) -> Params:
    """Return the voucher's code, if there is such a voucher and it is not over."""
    voucher = find_voucher(typed.get("code", "").strip().upper())
    if voucher is None:
        raise ActRefusedError(_("There is no voucher with this code."))
    if not voucher.is_active():
        raise ActRefusedError(_("This voucher is not valid now."))
    return {"code": voucher.code, "title": voucher.name}


def find_voucher(code: str) -> Any | None:
    """Return the voucher with this very code."""
    return get_model("voucher", "Voucher").objects.filter(code=code).first() if code else None


def say(agent: str, params: Params) -> str:
    """Return the proposal in words."""
    words = {"agent": agent, "title": params["title"], "code": params["code"]}
    return _("%(agent)s would like to apply the voucher “%(title)s” (%(code)s) to your basket.") % words


def carry_out(request: HttpRequest, params: Params) -> str:
    """Apply it once; Oscar says whether this shopper may use it and whether the basket qualifies."""
    with own_basket(request, params) as basket:
        voucher = find_voucher(params["code"])
        if voucher is None:
            raise ActRefusedError(_("There is no voucher with this code."))
        heard = apply_voucher(request, basket, voucher)
    pass_on(request, heard)
    return _("The voucher “%(title)s” is in the basket.") % {"title": params["title"]}


def apply_voucher(request: HttpRequest, basket: Any, voucher: Any) -> list[tuple[int, str, str]]:
    """Have Oscar's view apply ``voucher`` and return what it said; raises ``ActRefusedError`` with its words if it did not."""
    if not basket.id or basket.is_empty:
        raise ActRefusedError(_("The basket is empty."))
    if basket.vouchers.filter(pk=voucher.pk).exists():
        raise ActRefusedError(_("This voucher is in the basket already."))
    view = get_class("basket.views", "VoucherAddView")()
    view.setup(request)
    with overhear(request) as heard:
        view.apply_voucher_to_basket(voucher)
    if not basket.vouchers.filter(pk=voucher.pk).exists():
        refusals = [words for level, words, _tags in heard if level >= constants.WARNING]
        raise ActRefusedError(" ".join(refusals) or _("The basket does not qualify for it."))
    return heard


APPLY = act(
    Act(
        name="voucher.apply",
        label=gettext_lazy("Apply a voucher"),
        prepare=prepare,
        say=say,
        carry_out=carry_out,
        is_voucher=True,
    )
)
