"""How does a sentence end that ends with an abbreviation? With one full stop, not two: "until 12:53 a.m."."""


def before_full_stop(text: str) -> str:
    """Return ``text`` as it stands right before the full stop of a sentence: without one of its own, as "12:53 a.m." has."""
    return text.removesuffix(".")
