"""What is kept about whom we mail? That they agreed, that they objected, and what was sent."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Ending, Retention, Rows, personal_data
from oscar_engage.reminders.digest import known_digests
from oscar_engage.reminders.models import BasketMail, MailPermission, MailSuppression


def _objections(person: Person) -> Rows:
    by_address = [digest for email in person.emails for digest in known_digests(None, email)]
    by_account = [digest for pk in person.customer_ids for digest in known_digests(pk, "")]
    return MailSuppression.objects.filter(digest__in=[*by_address, *by_account])


personal_data(
    "mail permissions",
    MailPermission,
    label=_("permissions to mail about baskets"),
    personal=("customer", "digest", "language", "asked_at", "confirmed_at"),
    impersonal=("id",),
    find=lambda person: MailPermission.objects.filter(customer_id__in=person.customer_ids),
    is_asked=True,
    retention=Retention(reason="until it is taken back, as proof of the consent; 14 days if it was never confirmed"),
)
personal_data(
    "mail objections",
    MailSuppression,
    label=_("objections to mails about baskets"),
    personal=("digest",),
    impersonal=("id", "created_at"),
    find=_objections,
    ending=Ending.KEPT,
    why=_("A keyed hash, from which no address can be read: so that no mail ever goes to whoever objected."),
    is_asked=True,
    retention=Retention(reason="for good, or until the same person agrees anew"),
)
personal_data(
    "basket mails",
    BasketMail,
    label=_("mails about baskets"),
    personal=("id", "customer", "basket_id", "lines", "last_error", "created_at", "sent_at", "followed_at"),
    impersonal=("state", "tries"),
    find=lambda person: BasketMail.objects.filter(customer_id__in=person.customer_ids),
    retention=Retention(setting="retention_days", job="reminders.purge"),
)
