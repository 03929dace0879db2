"""Who must not be mailed any more? One row for each address and account that objected (Art. 21 GDPR); it is never purged."""

from collections.abc import Collection
from datetime import datetime

from oscar_engage.reminders.digest import known_digests
from oscar_engage.reminders.models import MailPermission, MailSuppression


def suppress(digests: Collection[str], *, now: datetime) -> None:
    """Keep that whoever ``digests`` stand for wants no mail, and take back their permission. Repeating it changes nothing."""
    rows = [MailSuppression(digest=digest, created_at=now) for digest in digests]
    MailSuppression.objects.bulk_create(rows, ignore_conflicts=True)
    MailPermission.objects.filter(digest__in=digests).delete()


def is_suppressed(customer_id: int | None, email: str) -> bool:
    """Whether the address or the account objected."""
    return MailSuppression.objects.filter(digest__in=known_digests(customer_id, email)).exists()


def lift(customer_id: int | None, email: str) -> None:
    """Forget the objection, because the person has agreed anew since; for shops with a ``MAIL_PERMISSION`` of their own."""
    MailSuppression.objects.filter(digest__in=known_digests(customer_id, email)).delete()
