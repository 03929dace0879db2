"""Give the shopper back what was in a basket that stayed at the bank, or that they left behind: as their own button would."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from oscar.core.loading import get_model

from oscar_engage.desk.acts.registry import Act, ActRefusedError, Asking, Params, act
from oscar_engage.shop.acts.own_basket import own_basket
from oscar_engage.shop.facts import BasketLine, basket_lines
from oscar_engage.shop.frozen import find_frozen, put_back
from oscar_engage.shop.goods import fill_up, read_goods
from oscar_engage.visitors.left_behind import claim_restoring, get_restorable


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A basket of the shopper's that can be given back. ``is_frozen``: it was handed to the bank."""

    basket_id: int
    is_frozen: bool
    lines: tuple[BasketLine, ...]


def find_kept(visitor_id: uuid.UUID, *, besides: int | None) -> Kept | None:
    """Return the visitor's basket that stayed at the bank, else an open one with something in it that is not ``besides``."""
    ids = get_restorable(visitor_id)
    frozen = find_frozen(ids)
    if frozen is not None:
        return Kept(basket_id=frozen.basket_id, is_frozen=True, lines=frozen.lines)
    model = get_model("basket", "Basket")
    left = model.objects.filter(pk__in=ids, status=model.OPEN, lines__isnull=False).exclude(pk=besides)
    found = left.order_by("-pk").values_list("pk", flat=True).first()
    return None if found is None else Kept(basket_id=found, is_frozen=False, lines=basket_lines(found))


def prepare(asking: Asking, typed: QueryDict) -> Params:
    """Return which basket it is and what is in it."""
    visitor_id = asking.conversation.visitor_id
    kept = find_kept(visitor_id, besides=asking.basket_id)
    if kept is None or str(kept.basket_id) != typed.get("basket"):
        raise ActRefusedError(_("There is no basket to put back: it was ordered, or the shopper has it already."))
    pieces = sum(line.quantity for line in kept.lines)
    # The basket that the agent sees may be the very one that stayed at the bank; the shopper's next one takes its goods.
    return {"basket_id": None, "kept_id": kept.basket_id, "visitor": visitor_id.hex, "pieces": pieces}


def say(agent: str, params: Params) -> str:
    """Return the proposal in words."""
    pieces = params["pieces"]
    words = ngettext(
        "%(agent)s would like to put your earlier basket (%(pieces)s piece) back into your basket.",
        "%(agent)s would like to put your earlier basket (%(pieces)s pieces) back into your basket.",
        pieces,
    )
    return words % {"agent": agent, "pieces": pieces}


def carry_out(request: HttpRequest, params: Params) -> str:
    """Copy what can still be had; a frozen basket stays as it is, for the bank's payment may still arrive."""
    with own_basket(request, params) as basket:
        visitor_id = uuid.UUID(params["visitor"])
        kept = find_kept(visitor_id, besides=basket.id)
        if kept is None or kept.basket_id != params["kept_id"] or not claim_restoring(visitor_id, kept.basket_id):
            raise ActRefusedError(_("There is no basket to put back: it was ordered, or the shopper has it already."))
        if kept.is_frozen:
            done = put_back(request, kept.basket_id)
        else:
            done = fill_up(request, read_goods(kept.basket_id, request.user))
        if not done.pieces:
            raise ActRefusedError(_("Nothing of it can be had any more, or it is all there already."))
    words = ngettext("%(pieces)s piece is back in the basket.", "%(pieces)s pieces are back in the basket.", done.pieces)
    refused = [_("“%(title)s” cannot be had in that quantity any more.") % {"title": title} for title in done.refused]
    return " ".join([words % {"pieces": done.pieces}, *refused])


RESTORE = act(
    Act(name="basket.restore", label=gettext_lazy("Put a basket back"), prepare=prepare, say=say, carry_out=carry_out)
)
