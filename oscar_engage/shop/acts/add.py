"""Put a product into the shopper's basket: Oscar's own form judges, Oscar's own view does it."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_class

from oscar_engage.desk.acts.registry import Act, ActRefusedError, Asking, Params, act
from oscar_engage.shop.acts.own_basket import form_errors, overhear, own_basket, pass_on
from oscar_engage.shop.acts.search import form_for, get_visible

_LONGEST_TITLE = 200


def prepare(asking: Asking, typed: QueryDict) -> Params:
    """Return product, quantity, variant and options, as Oscar's form takes them and as words."""
    product = _get_product(typed.get("product", ""))
    fields = dict(typed.lists())
    form = form_for(product, fields)
    if not form.is_valid():
        raise ActRefusedError(form_errors(form))
    return {
        "product_id": product.pk,
        "fields": {name: fields[name] for name in form.fields if name in fields},
        "quantity": form.cleaned_data["quantity"],
        "title": _title(form),
    }


def say(agent: str, params: Params) -> str:
    """Return the proposal in words."""
    words = {"agent": agent, "quantity": params["quantity"], "title": params["title"]}
    return _("%(agent)s would like to put %(quantity)s × %(title)s into your basket.") % words


def carry_out(request: HttpRequest, params: Params) -> str:
    """Add it by the stock, the price and the rules of this moment; so Oscar's signal is sent and offers are applied."""
    with own_basket(request, params) as basket:
        view = get_class("basket.views", "BasketAddView")()
        view.setup(request, pk=params["product_id"])
        view.product = _get_product(params["product_id"])
        form = view.get_form_class()(basket=basket, product=view.product, data=MultiValueDict(params["fields"]))
        if not form.is_valid():
            raise ActRefusedError(form_errors(form))
        with overhear(request) as heard:
            view.form_valid(form)
    pass_on(request, heard)
    return _("%(quantity)s × %(title)s is in the basket.") % {"quantity": params["quantity"], "title": params["title"]}


def _get_product(product_id: object) -> Any:
    product = get_visible(product_id)
    if product is None:
        raise ActRefusedError(_("There is no such product in the catalogue any more."))
    return product


def _title(form: Any) -> str:
    product = form.product
    chosen = [str(option["value"]) for option in form.cleaned_options()]
    details = [product.attribute_summary] if product.is_child and not product.title else []
    more = ", ".join(filter(None, [*details, *chosen]))
    return f"{product.get_title()} ({more})"[:_LONGEST_TITLE] if more else product.get_title()[:_LONGEST_TITLE]


ADD = act(Act(name="basket.add", label=gettext_lazy("Add a product"), prepare=prepare, say=say, carry_out=carry_out))
