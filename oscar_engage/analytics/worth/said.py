"""Is it worth it, in words? The sentences of the overview and of the mails, in the language that is active.

For somebody who runs a shop and has never seen statistics: an amount, how sure it is, and what to do next.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.analytics.guardrails.said import say_guard
from oscar_engage.analytics.lift.cells import BUYERS
from oscar_engage.analytics.lift.said import say_alarm, say_outcome
from oscar_engage.analytics.staffing.duration import say_duration
from oscar_engage.analytics.stats.lift import Verdict
from oscar_engage.analytics.struggles.rank import Hurt
from oscar_engage.analytics.struggles.said import KINDS, name_spot
from oscar_engage.analytics.words import say_money, say_number, say_share
from oscar_engage.analytics.worth.pays import Pays
from oscar_engage.analytics.worth.read import Worth
from oscar_engage.analytics.worth.said_money import Told, tell_cost, tell_order, tell_return, tell_savings
from oscar_engage.modules import is_on


def say_first(worth: Worth) -> str:
    """Say what help earned, how sure that is, and what it cost; or why nothing can be said yet, and from when on."""
    earned, cost = worth.earned, worth.cost
    spent = say_money(cost.total, cost.currency) if cost and cost.is_complete else ""
    if earned is None or earned.estimate is None:
        why = _say_why_not(worth)
        return " ".join((why, _("Help cost %(cost)s in these days.") % {"cost": spent})) if spent else why
    low, high = (say_money(abs(bound), earned.currency) for bound in (earned.estimate.low, earned.estimate.high))
    since, last = (date_format(day, "DATE_FORMAT") for day in (worth.since, worth.money_until - timedelta(days=1)))
    words = {"since": since, "last": last, "low": low, "high": high, "cost": spent}
    if earned.verdict is Verdict.MORE:
        return _earned(words)
    if earned.verdict is Verdict.LESS:
        return _lost({**words, "low": high, "high": low})
    return _open(words)


def _earned(words: dict[str, str]) -> str:
    if words["cost"]:
        return (
            _(
                "From %(since)s to %(last)s, help earned between %(low)s and %(high)s that would not have come without it "
                "(95 %% sure), and cost %(cost)s."
            )
            % words
        )
    return (
        _(
            "From %(since)s to %(last)s, help earned between %(low)s and %(high)s that would not have come without it "
            "(95 %% sure)."
        )
        % words
    )


def _lost(words: dict[str, str]) -> str:
    if words["cost"]:
        return (
            _(
                "From %(since)s to %(last)s, help lost the shop between %(low)s and %(high)s that would have come without it "
                "(95 %% sure), and cost %(cost)s."
            )
            % words
        )
    return (
        _(
            "From %(since)s to %(last)s, help lost the shop between %(low)s and %(high)s that would have come without it "
            "(95 %% sure)."
        )
        % words
    )


def _open(words: dict[str, str]) -> str:
    if words["cost"]:
        return (
            _(
                "It is not clear yet whether help earns: from %(since)s to %(last)s it may have lost up to %(low)s or earned "
                "up to %(high)s, and cost %(cost)s."
            )
            % words
        )
    return (
        _(
            "It is not clear yet whether help earns: from %(since)s to %(last)s it may have lost up to %(low)s or earned up "
            "to %(high)s."
        )
        % words
    )


def _say_why_not(worth: Worth) -> str:
    if worth.overview.is_alarm:
        return _("What help earned cannot be said: the two groups are not as they were drawn.")
    if not worth.overview.has_visitors:
        return _("What help earned cannot be said: no rule has held for a shopper in these days.")
    known_from = worth.known_from
    if known_from is not None:
        days = worth.lift.attribution_days
        return ngettext(
            "What help earned will be known from %(day)s on: the first shoppers still have %(days)d day to order.",
            "What help earned will be known from %(day)s on: the first shoppers still have up to %(days)d days to order.",
            days,
        ) % {"day": date_format(known_from, "DATE_FORMAT"), "days": days}
    outcome = worth.earned.outcome if worth.earned else worth.lift.shop.outcome(BUYERS)
    return _("What help earned cannot be said yet. %(why)s") % {"why": say_outcome(outcome)}


def say_alarms(worth: Worth) -> list[str]:
    """Say what is wrong with the shop as a whole: unfair groups, side effects, more spent than earned."""
    found = [say_alarm(worth.lift.shop)] if worth.overview.is_alarm else []
    found += [_name_rule(guard.rule, say_guard(guard)) for guard in worth.shop_alarms]
    if worth.pays is Pays.LESS:
        found.append(_("Help costs more than it brings in: stop what earns least, or make it cheaper."))
    return found


def _name_rule(rule: int | None, sentence: str) -> str:
    return sentence if rule is None else ": ".join((_("a deleted rule"), sentence))


def tell_all(worth: Worth) -> tuple[Told, ...]:
    """Return the blocks of the overview in the order in which a shop owner asks."""
    return (*tell_money(worth), tell_struggles(worth), *_here(tell_promises(worth)))


_TELLS_OF = {"return": "rules", "order": "rules", "saved": "desk", "promises": "desk"}
"""The modules that blocks tell of; a shop that does not use one is told nothing of it."""


def _here(*blocks: Told) -> tuple[Told, ...]:
    return tuple(told for told in blocks if told.key not in _TELLS_OF or is_on(_TELLS_OF[told.key]))


def tell_money(worth: Worth) -> tuple[Told, ...]:
    """Return what it cost, what that brought, and what was saved."""
    return _here(tell_cost(worth), tell_return(worth), tell_order(worth), tell_savings(worth))


def tell_struggles(worth: Worth) -> Told:
    """Tell where shoppers struggle most, by what was in the baskets that were left there."""
    told = partial(Told, key="struggles", title=_("Where shoppers struggle"))
    if not worth.struggles.visits:
        todo = _("Visits are counted when they have ended. If nothing comes, look at the page Health: is the worker running?")
        is_first = worth.struggles.counted_at is None
        sentence = _("No visit has been counted yet.") if is_first else _("No visit of these days has been counted yet.")
        return told(sentence=sentence, todo=todo)
    if not worth.worst:
        words = {"visits": say_number(worth.struggles.visits)}
        return told(sentence=_("Nobody struggled: %(visits)s visits were counted.") % words, figure=_("nowhere"), tone="good")
    items = tuple(say_spot(hurt, worth.struggles.currency) for hurt in worth.worst)
    return told(figure=_name(worth.worst[0]), sentence=items[0], items=items[1:], tone="warn")


def say_spot(hurt: Hurt, currency: str) -> str:
    """Say of one spot how many struggled there, how many of them did not buy, and what was in their baskets."""
    words = {
        "spot": _name(hurt),
        "visits": say_number(hurt.visits),
        "lost": say_number(hurt.lost),
        "amount": say_money(float(hurt.at_stake * 100), currency) if currency else "",
    }
    if hurt.at_stake and currency:
        return (
            _("%(spot)s: of %(visits)s visits with trouble there, %(lost)s did not order, with %(amount)s in baskets.") % words
        )
    return _("%(spot)s: of %(visits)s visits with trouble there, %(lost)s did not order.") % words


def _name(hurt: Hurt) -> str:
    return capfirst(_("%(kind)s “%(name)s”") % {"kind": KINDS[hurt.kind], "name": name_spot(hurt)})


def tell_promises(worth: Worth) -> Told:
    """Tell whether agents answer when they promised to, how fast chats are answered, and how many shoppers gave up."""
    both, chats = worth.promises.both, worth.promises.chats
    told = partial(Told, key="promises", title=_("Do agents keep their promises?"))
    if not both.asked:
        todo = _(
            "What was asked is counted some minutes later. If nobody asks: put an agent online at the desk, or let shoppers "
            "leave a note."
        )
        return told(sentence=_("No question to an agent has been counted in these days."), todo=todo)
    rate = both.kept_rate
    parts = []
    if rate is not None:
        words = {"kept": say_number(both.kept), "all": say_number(both.kept + both.broken)}
        parts.append(_("%(kept)s of %(all)s promises to answer in time were kept.") % words)
    else:
        parts.append(_("No promise has come due yet, of %(asked)s questions.") % {"asked": say_number(both.asked)})
    parts += _say_chats(chats)
    return told(figure=say_share(rate.value, places=0) if rate else _("not yet"), sentence=" ".join(parts))


def _say_chats(chats: Any) -> Iterator[str]:
    response = chats.times.get("response")
    if response is not None and response.median is not None:
        yield _("Half of the chats had an answer within %(time)s.") % {"time": say_duration(response.median)}
    if chats.abandoned_rate is not None:
        yield _("%(share)s of those who wanted to chat gave up before one.") % {
            "share": say_share(chats.abandoned_rate.value, places=0)
        }
