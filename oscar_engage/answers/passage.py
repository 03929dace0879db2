"""What can an answer be made of? A piece of an article: a heading and what stands under it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One piece of one article in one language, as plain text.

    ``article`` names the article over all its languages and ``url`` is where a shopper reads it; ``heading`` may be empty (what
    stands before the first one); ``words`` are what its author says people call it, beside the text's own words,
    and ``asked`` are whole questions that the article answers, a line each.
    """

    article: str
    language: str
    title: str
    heading: str
    text: str
    url: str
    topic: str = ""
    words: str = ""
    asked: str = ""
