"""The kinds about answers that a program found. None holds the question."""

from oscar_engage.signals.kinds import Count, Name, Payload, signal_kind


@signal_kind("answers.found")
class AnswersFound(Payload, frozen=True):
    """A note was answered at once: with ``results`` passages, the best of ``article``, or with a ``fact`` of the shop's."""

    article: Name = ""
    fact: Name = ""
    results: Count = 0


@signal_kind("answers.self_resolved")
class AnswersSelfResolved(Payload, frozen=True):
    """The shopper said that such an answer helped: before asking, or after. No agent answers."""

    article: Name = ""
    fact: Name = ""
