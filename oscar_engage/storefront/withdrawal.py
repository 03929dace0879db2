"""Was consent withdrawn? Then the cookie goes with the next beat's answer, and what it led to soon after."""

from datetime import datetime

from django.http import HttpResponse

from oscar_engage.privacy.withdraw import withdraw_consent
from oscar_engage.storefront.open_chat import forget_open_chat
from oscar_engage.storefront.sharing_page import COOKIE_NAME as LIVE_COOKIE_NAME
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.guard import own_transaction
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import forget_visitor_cookie


def follow_withdrawal(response: HttpResponse, key: str | None, consent: ConsentLevel, *, now: datetime) -> None:
    """Take the cookie back, with the beat's own ``response``, from a browser that has one and agrees to nothing (any more)."""
    if key is None or consent > ConsentLevel.NONE:
        return
    with own_transaction():
        visitor_id = Visitor.objects.filter(key=key).values_list("pk", flat=True).first()
        may_go = visitor_id is None or withdraw_consent(visitor_id, now=now)
    if may_go:
        forget_visitor_cookie(response)
        forget_open_chat(response)
        response.delete_cookie(LIVE_COOKIE_NAME, samesite="Lax")
