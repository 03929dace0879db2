"""What shop and bank tell each other: a signed request to pay, a signed answer."""

from dataclasses import asdict, dataclass

from django.core import signing

#: A request to pay can be used for an hour, as at a real bank.
REQUEST_SECONDS = 3600
REQUEST_SALT = "sandbox.bank.request"
ANSWER_SALT = "sandbox.bank.answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRequest:
    """The shop asks for ``amount`` (a decimal as text, in ``currency``) for an order number."""

    order_number: str
    amount: str
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BankAnswer:
    """The bank's answer to one request."""

    order_number: str
    amount: str
    is_paid: bool


def sign_request(request: PaymentRequest) -> str:
    """The token in the bank page's URL."""
    return signing.dumps(asdict(request), salt=REQUEST_SALT)


def read_request(token: str) -> PaymentRequest | None:
    """The request in a token; ``None`` when it is forged or too old."""
    try:
        return PaymentRequest(**signing.loads(token, salt=REQUEST_SALT, max_age=REQUEST_SECONDS))
    except signing.BadSignature:
        return None


def sign_answer(answer: BankAnswer) -> str:
    """The token the bank sends the customer back with."""
    return signing.dumps(asdict(answer), salt=ANSWER_SALT)


def read_answer(token: str) -> BankAnswer | None:
    """The answer in a token; ``None`` when it is forged or too old."""
    try:
        return BankAnswer(**signing.loads(token, salt=ANSWER_SALT, max_age=REQUEST_SECONDS))
    except signing.BadSignature:
        return None
