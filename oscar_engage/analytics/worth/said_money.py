"""What did it cost, what did that bring, and what was saved, in words? Blocks of a figure and a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.analytics.costs.ratio import NotYet
from oscar_engage.analytics.costs.total import Cost
from oscar_engage.analytics.words import say_money, say_number
from oscar_engage.analytics.worth.pays import Pays
from oscar_engage.analytics.worth.read import Worth

_WHY_NOT: Mapping[NotYet, Any] = {
    NotYet.NOT_MEASURED: gettext_lazy("It is not measured yet what came in because of help."),
    NotYet.MAY_BE_NOTHING: gettext_lazy("What came in because of help may still be nothing."),
    NotYet.IS_LESS: gettext_lazy("Fewer orders came with help than without."),
    NotYet.CURRENCIES: gettext_lazy("Costs and orders are in different currencies."),
}
_TONES = {Pays.MORE: "good", Pays.LESS: "bad", Pays.OPEN: "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One block: ``figure`` in a few words (empty: there is none, and ``todo`` says what to do), and a plain sentence.

    ``tone``: good, bad, warn or open. ``items``: further sentences of the same kind.
    """

    key: str
    title: str
    sentence: str
    figure: str = ""
    tone: str = "open"
    todo: str = ""
    items: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the title is a question, so that the figure is its answer."""
        return self.title.endswith("?")


def tell_cost(worth: Worth) -> Told:
    """Tell what help cost, and what for."""
    told = partial(Told, key="cost", title=_("What help cost"))
    cost = worth.cost
    if not worth.costs.rates:
        todo = _("Enter what an hour of an agent costs: then each contact has its price.")
        return told(sentence=_("It is not known what an hour of an agent costs."), todo=todo)
    if cost is None and worth.costs.service.all_contacts.to_agent:
        todo = _("Enter costs that begin earlier: those that are known begin after these days.")
        return told(sentence=_("It is not known what help cost in these days."), todo=todo)
    if cost is None or not (cost.interactions or cost.vouchers or cost.contacts.unpriced or cost.total):
        nothing = say_money(0, worth.currency)
        return told(figure=nothing, sentence=_("Nothing: no agent was asked and no voucher was given in these days."))
    amount = say_money(cost.total, cost.currency)
    if cost.is_complete:
        return told(figure=amount, sentence=_say_what_for(cost))
    unpriced = ngettext(
        "Of %(number)s contact nobody knows how long it takes.",
        "Of %(number)s contacts nobody knows how long they take.",
        cost.contacts.unpriced,
    ) % {"number": say_number(cost.contacts.unpriced)}
    return told(
        figure=_("at least %(amount)s") % {"amount": amount},
        sentence=f"{_say_what_for(cost)} {unpriced}",
        todo=_("Enter the minutes that such a contact takes."),
        tone="warn",
    )


def _say_what_for(cost: Cost) -> str:
    words = {
        "contacts": say_number(cost.contacts.contacts),
        "contact_cost": say_money(cost.contacts.cost, cost.currency),
        "vouchers": say_number(cost.vouchers),
        "voucher_cost": say_money(cost.voucher_cost + cost.discounts, cost.currency),
    }
    if not cost.vouchers and not cost.discounts:
        return _("%(contacts)s contacts with agents.") % words
    return _("%(contacts)s contacts with agents (%(contact_cost)s), %(vouchers)s vouchers (%(voucher_cost)s).") % words


def tell_return(worth: Worth) -> Told:
    """Tell what a unit of money brought."""
    known, currency = worth.per_unit, worth.currency
    unit = say_unit(currency) if currency else ""
    title = _("What each %(unit)s brought") % {"unit": unit} if unit else _("What the money brought")
    told = partial(Told, key="return", title=title)
    if isinstance(known, NotYet):
        return _tell_why_not(told, worth, known)
    words = {"unit": unit, "low": say_money(100 * known.low, currency), "high": say_money(100 * known.high, currency)}
    return told(
        figure=say_money(100 * known.value, currency),
        sentence=_(
            "For each %(unit)s spent, between %(low)s and %(high)s more came in (95 %% sure). That is turnover, not profit."
        )
        % words,
        tone=_TONES[worth.pays],
    )


def tell_order(worth: Worth) -> Told:
    """Tell what an order cost that would not have come without help."""
    told = partial(Told, key="order", title=_("What an additional order cost"))
    known, currency = worth.per_order, worth.currency
    if isinstance(known, NotYet):
        return _tell_why_not(told, worth, known)
    words = {"low": say_money(known.low, currency), "high": say_money(known.high, currency)}
    return told(
        figure=say_money(known.value, currency),
        sentence=_("An order that would not have come without help cost between %(low)s and %(high)s (95 %% sure).") % words,
    )


def _tell_why_not(told: Callable[..., Told], worth: Worth, why: NotYet) -> Told:
    if why is NotYet.NO_COST:
        cost, contacts = worth.cost, worth.costs.service.all_contacts.to_agent
        is_nothing = not contacts if cost is None else cost.is_complete and not cost.total
        if worth.costs.rates and is_nothing:
            return told(figure=_("not yet"), sentence=_("Nothing was spent in these days."))
        return told(
            sentence=_("It is not known what all contacts cost."),
            todo=_("Enter what an hour of an agent costs, and the minutes of a contact."),
        )
    return told(figure=_("not yet"), sentence=str(_WHY_NOT[why]))


def say_unit(currency: str) -> str:
    """Write one unit of ``currency`` without hundredths: £1, 1 €."""
    return say_money(100, currency).replace(".00", "").replace(",00", "")


def tell_savings(worth: Worth) -> Told:
    """Tell what was saved because shoppers found help by themselves."""
    told = partial(Told, key="saved", title=_("What help without an agent saved"))
    saved, shown = worth.savings, worth.costs.service.rated_help.shown
    if saved is not None:
        words = {
            "deflected": say_number(saved.deflected),
            "shown": say_number(saved.shown),
            "low": say_money(saved.money.low, saved.currency),
            "high": say_money(saved.money.high, saved.currency),
        }
        return told(
            figure=say_money(saved.money.value, saved.currency),
            sentence=_(
                "%(deflected)s of %(shown)s shoppers who were shown help said that it helped and asked nobody for 7 days. That "
                "saved between %(low)s and %(high)s (95 %% sure)."
            )
            % words,
        )
    if not shown:
        todo = _("Write articles and show them before the contact form: questions that nobody has to answer cost least.")
        return told(sentence=_("No shopper was shown help without an agent in these days."), todo=todo)
    todo = _("Enter what an hour of an agent costs, or what a contact cost before.")
    return told(sentence=_("It is not known what a contact would have cost."), todo=todo)
