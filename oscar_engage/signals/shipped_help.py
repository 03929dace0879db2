"""The kinds about shoppers who help themselves. The shop, or its help centre, records those that are not derived."""

from oscar_engage.signals.kinds import Count, Name, Payload, Phrase, signal_kind


@signal_kind("help.searched")
class HelpSearched(Payload, frozen=True):
    """The help was searched and ``results`` articles were found. Card numbers in the query are masked."""

    query: Phrase
    results: Count = 0


@signal_kind("help.opened")
class HelpOpened(Payload, frozen=True):
    """Help was opened: an article, by its slug or number; without one, the help page itself; in that ``language``."""

    article: Name = ""
    language: Name = ""


@signal_kind("help.rated")
class HelpRated(Payload, frozen=True):
    """An article was said to be helpful, or not."""

    helpful: bool
    article: Name = ""


@signal_kind("help.contact_opened")
class ContactOpened(Payload, frozen=True):
    """The form in which a question is asked was opened: ``note``, ``chat`` or the shop's own name for it."""

    form: Name = ""


@signal_kind("selfhelp.started")
class ToolStarted(Payload, frozen=True):
    """A tool for helping oneself was started: a size adviser, a returns form."""

    tool: Name


@signal_kind("selfhelp.finished")
class ToolFinished(Payload, frozen=True):
    """A tool for helping oneself led to its end."""

    tool: Name


@signal_kind("help.no_click")
class HelpNoClick(Payload, frozen=True):
    """The help was searched and no article was opened before the shopper moved on, or the visit ended."""

    query: Phrase = ""
    results: Count = 0


@signal_kind("help.not_helpful")
class HelpNotHelpful(Payload, frozen=True):
    """An article was said not to be helpful."""

    article: Name = ""


@signal_kind("selfhelp.abandoned")
class ToolAbandoned(Payload, frozen=True):
    """A tool was started and not finished before the shopper moved on, or the visit ended."""

    tool: Name


@signal_kind("help.bypassed")
class HelpBypassed(Payload, frozen=True):
    """The form for a question was opened without a look at any article in this visit."""

    form: Name = ""
