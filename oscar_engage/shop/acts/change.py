"""Change how many of a thing are in the shopper's basket, or take it out: as Oscar's basket page does."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_class, get_model

from oscar_engage.desk.acts.registry import Act, ActRefusedError, Asking, Params, act
from oscar_engage.shop.acts.own_basket import form_errors, overhear, own_basket, pass_on

_MOST_LINES = 50
_MOST_PIECES = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the basket that the agent sees."""

    line_id: int
    title: str
    quantity: int


def list_lines(basket_id: int | None) -> tuple[Line, ...]:
    """Return the lines of an open basket in the order of their adding; one query."""
    if basket_id is None:
        return ()
    basket = get_model("basket", "Basket")
    rows = get_model("basket", "Line").objects.filter(basket_id=basket_id, basket__status=basket.OPEN).order_by("pk")
    found = rows.values_list("pk", "product__title", "product__parent__title", "quantity")[:_MOST_LINES]
    return tuple(Line(line_id=pk, title=own or parents or "", quantity=quantity) for pk, own, parents, quantity in found)


def prepare(asking: Asking, typed: QueryDict) -> Params:
    """Return the line with its quantity now and then; 0, or ``out``, takes it out."""
    quantity = 0 if "out" in typed else _number(typed.get("quantity", ""))
    if quantity is None:
        raise ActRefusedError(_("Type a number, or 0 to take it out."))
    line = next((line for line in list_lines(asking.basket_id) if str(line.line_id) == typed.get("line")), None)
    if line is None:
        raise ActRefusedError(_("This is not in the basket any more."))
    if line.quantity == quantity:
        raise ActRefusedError(_("It is that many already."))
    return {"line_id": line.line_id, "title": line.title, "quantity": quantity, "was": line.quantity}


def say(agent: str, params: Params) -> str:
    """Return the proposal in words."""
    words = {"agent": agent, "title": params["title"], "was": params["was"], "quantity": params["quantity"]}
    if not params["quantity"]:
        return _("%(agent)s would like to take %(was)s × %(title)s out of your basket.") % words
    return _("%(agent)s would like to change %(title)s in your basket from %(was)s to %(quantity)s.") % words


def carry_out(request: HttpRequest, params: Params) -> str:
    """Change the line if it is still as the agent saw it, by the stock and the rules of this moment."""
    with own_basket(request, params) as basket:
        line = next((line for line in (basket.all_lines() if basket.id else ()) if line.pk == params["line_id"]), None)
        if line is None:
            raise ActRefusedError(_("This is not in the basket any more."))
        if line.quantity != params["was"]:
            raise ActRefusedError(_("The basket was changed in the meantime."))
        before = basket.applied_offers()
        _change(request, line, params["quantity"])
        with overhear(request) as heard:
            get_class("basket.utils", "BasketMessageGenerator")().apply_messages(request, before)
    pass_on(request, heard)
    words = {"title": params["title"], "quantity": params["quantity"]}
    if not params["quantity"]:
        return _("%(title)s is out of the basket.") % words
    return _("There are now %(quantity)s × %(title)s in the basket.") % words


def _change(request: HttpRequest, line: Any, quantity: int) -> None:
    if not quantity:
        line.delete()
        return
    form = get_class("basket.forms", "BasketLineForm")(
        request.strategy,  # type: ignore[attr-defined]  # Oscar's middleware put it there
        data={"quantity": quantity},
        instance=line,
    )
    if not form.is_valid():
        raise ActRefusedError(form_errors(form))
    form.save()


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - what fits a column
    return int(text) if is_number and int(text) <= _MOST_PIECES else None


CHANGE = act(
    Act(name="basket.change", label=gettext_lazy("Change or remove a line"), prepare=prepare, say=say, carry_out=carry_out)
)
