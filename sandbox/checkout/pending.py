"""The payment someone left open at the bank: its token in the session until it is answered."""

from django.http import HttpRequest

from sandbox.bank.messages import read_request

SESSION_KEY = "sandbox_bank_payment"


def open_payment(request: HttpRequest, token: str) -> None:
    """Remember that this customer was sent to the bank."""
    request.session[SESSION_KEY] = token


def close_payment(request: HttpRequest) -> None:
    """Forget it: it is answered, or the customer took the basket back."""
    request.session.pop(SESSION_KEY, None)


def pending_order_number(request: HttpRequest) -> str | None:
    """The order number the bank was asked about last; ``None`` when nothing waits there."""
    payment = read_request(request.session.get(SESSION_KEY, ""))
    return payment.order_number if payment else None


def pending_payment(request: HttpRequest) -> dict[str, str | None]:
    """Template context: the token of the payment that waits at the bank, if any."""
    session = getattr(request, "session", None)
    return {"pending_payment_token": session.get(SESSION_KEY) if session is not None else None}
