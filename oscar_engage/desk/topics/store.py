"""Which topics are there? Those that supervisors keep, the usual ones to begin with, and none that goes while it is used."""

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.queues import InUseError
from oscar_engage.desk.topics.models import Topic


def active_topics() -> list[Topic]:
    """Return the topics that an agent chooses from, by name; one query. None at all: nothing has to be chosen."""
    return list(Topic.objects.filter(is_active=True).order_by("name", "pk"))


def create_usual_topics() -> int:
    """Create those of the usual topics whose short name is not there, in the language that is active; return how many."""
    with transaction.atomic(using=get_settings().database):
        made = [Topic.objects.get_or_create(slug=slug, defaults={"name": name})[1] for slug, name in _usual().items()]
    return sum(made)


def delete_topic(topic: Topic) -> None:
    """Delete ``topic`` or raise :class:`InUseError` if a conversation was about it: take it out of use instead."""
    with transaction.atomic(using=get_settings().database):
        Topic.objects.select_for_update().get(pk=topic.pk)
        if Conversation.objects.filter(topic=topic).exists():
            raise InUseError(f"{topic} is in use.")
        topic.delete()


def _usual() -> dict[str, str]:
    return {
        "product": _("Product"),
        "availability": _("Availability"),
        "order": _("Order status"),
        "delivery": _("Delivery"),
        "return": _("Return or complaint"),
        "payment": _("Payment and invoice"),
        "account": _("Account and login"),
        "other": _("Other"),
    }
