"""Send the mail with the link to a new password: Oscar's own form finds the account and writes to its own address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from oscar.core.loading import get_class

from oscar_engage.desk.acts.registry import RESET_MAIL
from oscar_engage.desk.acts.reset import take_address
from oscar_engage.jobs.registry import handler


@handler(RESET_MAIL)
def send_reset_mail(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send it, or nothing where the address has no account; a job, so that nobody learns from the time it takes."""
    taken = take_address(payload["proposal"])
    if taken is None:
        return
    email, language = taken
    form = get_class("customer.forms", "PasswordResetForm")({"email": email})
    if form.is_valid():
        with translation.override(language or translation.get_language()):
            form.save()
