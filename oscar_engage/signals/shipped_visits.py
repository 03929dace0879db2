"""The kinds about how a visit began, and what the server learnt on the way about its shopper."""

from oscar_engage.signals.kinds import Amount, Count, Name, Payload, signal_kind


@signal_kind("visit.began")
class VisitBegan(Payload, frozen=True):
    """A visit began: from which other site (its host, never its address), with which campaign, device, page and language.

    ``source``, ``medium`` and ``campaign`` are what the link said in ``utm_source`` and so on; ``device`` is ``phone``,
    ``tablet`` or ``desktop``, ``page`` the kind of the first page and
    ``language`` the code of its language. What is not known is empty.
    """

    host: Name = ""
    source: Name = ""
    medium: Name = ""
    campaign: Name = ""
    device: Name = ""
    page: Name = ""
    language: Name = ""


@signal_kind("login.recognised")
class CustomerRecognised(Payload, frozen=True):
    """A customer was still logged in from an earlier visit. Told once a visit."""


@signal_kind("checkout.shipping")
class ShippingTold(Payload, frozen=True):
    """The checkout told the country that the goods go to, and how many ways of shipping it offers: 0 for none to this address.

    ``cheapest`` is the lowest price with tax where it is known. Told when it changes.
    """

    country: Name = ""
    methods: Count | None = None
    cheapest: Amount | None = None
    currency: Name = ""
