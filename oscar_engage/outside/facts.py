"""What is told of a shopper? What they said themselves when they asked; what was observed only where they agreed to that."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.desk.link import shop_address
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.queues import QueueBook
from oscar_engage.outside.adapter import options
from oscar_engage.outside.port import Case
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.stored import read_state

SENDS = ("name", "email", "page", "basket")
"""What ``SENDS`` in the setting may name, and what is sent without it; reference, language and queue always are."""

_SALT = "oscar_engage.outside"


def case_of(conversation: Conversation, book: QueueBook) -> Case:
    """Return ``conversation`` as it is to be opened there."""
    sent = sent_facts()
    return Case(
        key=conversation.public_id,
        reference=conversation.reference,
        person=_person(conversation),
        name=conversation.name if "name" in sent else "",
        facts=facts_of(conversation, book),
    )


def facts_of(conversation: Conversation, book: QueueBook) -> Mapping[str, str]:
    """Return what is known by short names; what is empty is left out."""
    queue, sent = book.queue_of(conversation), sent_facts()
    found = {
        "reference": conversation.reference,
        "kind": conversation.kind,
        "language": conversation.language,
        "email": conversation.email if "email" in sent else "",
        "queue": queue.name if queue else "",
        "page": f"{shop_address()}{conversation.page_path}" if conversation.page_path and "page" in sent else "",
        "about": conversation.anchor_label or conversation.page_title if "page" in sent else "",
        "basket": _basket(conversation) if "basket" in sent else "",
        "desk": _own_address(conversation),
    }
    return {name: value for name, value in found.items() if value}


def say_facts(facts: Mapping[str, str]) -> str:
    """Return the facts as lines for agents, in the shop's language."""
    with translation.override(settings.LANGUAGE_CODE):
        labels = _labels()
        return "\n".join(f"{labels[name]}: {value}" for name, value in facts.items() if name in labels)


def _labels() -> dict[str, str]:
    return {
        "reference": _("Reference"),
        "email": _("E-mail as typed, not verified"),
        "queue": _("Queue"),
        "language": _("Language"),
        "page": _("Page"),
        "about": _("About"),
        "basket": _("Basket"),
        "desk": _("In the shop's desk"),
    }


def sent_facts() -> tuple[str, ...]:
    """Return what is sent beside messages, reference, language and queue: some of :data:`SENDS`."""
    named = options().get("SENDS")
    return SENDS if named is None else tuple(named)


def _person(conversation: Conversation) -> str:
    """Return by what the same shopper is known again there, and nowhere else: a keyed hash, no id of ours."""
    whose = f"customer:{conversation.customer_id}" if conversation.customer_id else f"visitor:{conversation.visitor_id}"
    return f"engage-{salted_hmac(_SALT, whose, algorithm='sha256').hexdigest()[:32]}"


def _own_address(conversation: Conversation) -> str:
    return f"{shop_address()}{reverse('engage_dashboard:engage-conversation', args=[conversation.public_id])}"


def _basket(conversation: Conversation) -> str:
    """Return what was in the basket, of who agreed to personalisation: nobody typed that."""
    visitor = Visitor.objects.filter(pk=conversation.visitor_id, consent__gte=ConsentLevel.PERSONALISATION).first()
    visit = Visit.objects.filter(visitor=visitor).order_by("-last_at").first() if visitor else None
    basket = read_state(visit).basket if visit else None
    if basket is None or not basket.quantity:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        things = ngettext("%(count)s thing", "%(count)s things", basket.quantity) % {"count": basket.quantity}
    return f"{things}, {basket.total:.2f} {basket.currency}"
