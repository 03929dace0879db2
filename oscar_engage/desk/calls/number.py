"""Is this a telephone number that we call? By the plan of numbers of the shop's countries, as ``phonenumbers`` knows it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.utils.crypto import salted_hmac

LONGEST_TYPED = 40
"""Characters that are looked at: the longest number has 15 digits."""

_HOMES = 5
"""Countries in whose own way of writing a number is looked for: with all of the world, any digits would be a number."""

_SALT = "oscar_engage.calls.number"


class Fault(StrEnum):
    """What is wrong with what was typed."""

    UNREADABLE = "unreadable"
    NO_COUNTRY = "no_country"
    ABROAD = "abroad"
    INVALID = "invalid"
    KIND = "kind"
    EXTENSION = "extension"


class WrongNumberError(ValueError):
    """Nobody can be called under what was typed, or we do not: ``fault`` says why. It never holds the number."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_number(typed: str, regions: Sequence[str]) -> str:
    """Return what was ``typed`` in E.164, such as ``+442079460000``, or raise :class:`WrongNumberError`.

    ``regions`` are the shop's countries, two letters each; a number without its country's code is read as one of the first
    five in which it is one. None: any country, and then the code has to be there. Premium, shared-cost and toll-free numbers,
    pagers, short numbers and those of unknown kind are refused, as are extensions.
    """
    if not typed.strip() or len(typed) > LONGEST_TYPED or not any(sign.isdigit() for sign in typed):
        raise WrongNumberError(Fault.UNREADABLE)
    import phonenumbers  # noqa: PLC0415 - some 30 ms that only who calls needs

    found = _parse(typed, regions)
    if found.extension:
        raise WrongNumberError(Fault.EXTENSION)
    if not phonenumbers.is_valid_number(found):
        raise WrongNumberError(Fault.INVALID)
    if regions and phonenumbers.region_code_for_number(found) not in regions:
        raise WrongNumberError(Fault.ABROAD)
    if phonenumbers.number_type(found) not in _called():
        raise WrongNumberError(Fault.KIND)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Return the country's code and the last two digits of a number in E.164, for who may not see it."""
    import phonenumbers  # noqa: PLC0415 - as above

    return f"+{phonenumbers.parse(number).country_code} … {number[-2:]}"


def spaced(number: str) -> str:
    """Return a number in E.164 as people read it, such as ``+44 20 7946 0000``."""
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def digest_of(number: str) -> str:
    """Return what a number in E.164 is counted by: keyed, so that nobody without the key can try all numbers."""
    return salted_hmac(_SALT, number, algorithm="sha256").hexdigest()[:32]


def _parse(typed: str, regions: Sequence[str]) -> Any:
    import phonenumbers  # noqa: PLC0415 - as above

    is_whole = typed.strip().startswith(("+", "\uff0b", "00"))
    first: Any = None
    for region in [None] if typed.strip().startswith(("+", "\uff0b")) else regions[:_HOMES]:
        try:
            found = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(found):
            return found
        first = first or found
    if first is None:
        raise WrongNumberError(Fault.UNREADABLE if is_whole or regions else Fault.NO_COUNTRY)
    return first


def _called() -> frozenset[int]:
    from phonenumbers import PhoneNumberType as Type  # noqa: PLC0415 - as above

    return frozenset({Type.FIXED_LINE, Type.MOBILE, Type.FIXED_LINE_OR_MOBILE, Type.VOIP})


def example_of(regions: Sequence[str]) -> str:
    """Return a number of the first of ``regions`` as people write it, which nobody has."""
    import phonenumbers  # noqa: PLC0415 - as above

    for region in (*regions[:1], "GB"):
        found = phonenumbers.example_number(region)
        if found is not None:
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return ""
