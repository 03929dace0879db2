"""What may an agent do for a shopper? A registry of acts: each says how it is proposed and how it is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from oscar_engage.conf import get_settings
from oscar_engage.core.registry import Registry
from oscar_engage.desk.models import Agent, Conversation

Params = Mapping[str, Any]


class ActRefusedError(ValueError):
    """It cannot be done. The message says why, in words for the shopper and the agent alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """In which conversation an agent proposes something. ``basket_id``: the basket that the agent sees, if one is known."""

    conversation: Conversation
    agent: Agent
    basket_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One kind of thing that is done for a shopper who said yes.

    ``name``
        Dotted lower case, such as ``"basket.add"``; ``ACTS_OFF`` names it.
    ``label``
        What agents read.
    ``prepare``
        From what the agent typed (a ``QueryDict``) the ``params`` that are stored: plain JSON. Raises :class:`ActRefusedError`.
    ``say``
        The proposal in plain words, from the agent's name and the params; called in the shopper's language.
    ``carry_out``
        Does it, in the shopper's own request, and returns what came of it in plain words. It raises :class:`ActRefusedError`
        when it cannot; whatever it did in the ``DATABASE`` of ours is undone then. What touches a basket belongs into
        ``shop.acts.own_basket.own_basket``, which undoes what was done in the shop's.
    ``template``
        The fields of the agent's form; without one, the desk's own page has the form.
    ``is_voucher``
        Whether it counts for ``ACT_VOUCHERS_PER_DAY``.
    """

    name: str
    label: str | Promise
    prepare: Callable[[Asking, QueryDict], Params]
    say: Callable[[str, Params], str]
    carry_out: Callable[[HttpRequest, Params], str]
    template: str = ""
    is_voucher: bool = False


ACTS: Registry[Act] = Registry("act")

RESET_MAIL = "account.reset_mail"
"""The one act that needs no yes: its mail goes to the account's own address."""


def act(entry: Act) -> Act:
    """Register ``entry`` and return it."""
    return ACTS.register(entry.name, entry)


def is_act_on(name: str) -> bool:
    """Whether the shop lets agents do this."""
    return (name in ACTS or name == RESET_MAIL) and name not in get_settings().acts_off
