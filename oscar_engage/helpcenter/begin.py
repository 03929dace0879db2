"""What does an article begin with that is made of a conversation, or of a search? Nothing of who asked; nothing is saved."""

import re
from dataclasses import dataclass

from django.conf import settings as django_settings

from oscar_engage.desk.mask.people import mask_people
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.helpcenter.models import HelpTopic, languages

LONGEST_TITLE = 100
LONGEST_SUMMARY = 300
LONGEST_ASKED = 160
"""Letters of the question that become the first line "how shoppers ask for it": the words of one who did not find it."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_GREETING = re.compile(r"^(?:hi|hello|hey|dear|hallo|guten (?:tag|morgen|abend)|moin)\b[^,!.?\n]{0,40}[,!.]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What the editor's fields begin with."""

    title: str
    summary: str = ""
    asked: str = ""
    body: str = ""
    anchors: str = ""
    topic: HelpTopic | None = None
    language: str = ""

    def as_initial(self) -> dict[str, object]:
        """Return it as a form takes it."""
        return {name: getattr(self, name) for name in self.__slots__}


def begin_with_reply(conversation: Conversation, reply: Message | None) -> Beginning:
    """Return the beginning of an article that says to all what ``reply`` said to one; without a reply, its question alone."""
    question = conversation.messages.filter(role=Role.SHOPPER).exclude(body="").order_by("seq").first()
    body = _without_people(conversation, reply.body) if reply is not None else ""
    asked = _without_people(conversation, question.body) if question is not None else ""
    return Beginning(
        title=first_sentence(asked, longest=LONGEST_TITLE),
        summary=first_sentence(body, longest=LONGEST_SUMMARY),
        asked=first_sentence(asked, longest=LONGEST_ASKED),
        body=body,
        anchors=conversation.anchor,
        topic=_guess_topic(conversation),
        language=_language(conversation.language),
    )


def question_of(conversation: Conversation) -> str:
    """Return the first sentence that the shopper asked, without the person, as an article's "how shoppers ask for it"."""
    question = conversation.messages.filter(role=Role.SHOPPER).exclude(body="").order_by("seq").first()
    asked = _without_people(conversation, question.body) if question is not None else ""
    return first_sentence(asked, longest=LONGEST_ASKED)


def language_of(conversation: Conversation) -> str:
    """Return the language of articles that are for this shopper."""
    return _language(conversation.language)


def begin_with_search(query: str) -> Beginning:
    """Return the beginning of an article that should have been found."""
    masked = mask_people(query)
    return Beginning(
        title=first_sentence(masked, longest=LONGEST_TITLE),
        asked=first_sentence(masked, longest=LONGEST_ASKED),
        language=_language(""),
    )


def first_sentence(text: str, *, longest: int) -> str:
    """Return the first sentence of ``text`` after a greeting, cut at a word."""
    plain = _GREETING.sub("", text.strip(), count=1).strip() or text.strip()
    sentence = next((part.strip() for part in _SENTENCE.split(plain) if part.strip()), "")
    return sentence if len(sentence) <= longest else sentence[: longest - 1].rsplit(" ", 1)[0] + "…"


def _without_people(conversation: Conversation, text: str) -> str:
    agents = {said.agent.display_name for said in conversation.messages.select_related("agent") if said.agent}
    customer = conversation.customer if conversation.customer_id else None
    named = {customer.first_name, customer.last_name} if customer is not None else set()
    return mask_people(text, names={conversation.name, *agents, *named} - {""}, known=(conversation.reference,))


def _guess_topic(conversation: Conversation) -> HelpTopic | None:
    """Return the help topic that is called as the conversation's is."""
    if conversation.topic is None:
        return None
    wanted = {conversation.topic.slug.casefold(), conversation.topic.name.casefold()}
    for topic in HelpTopic.objects.all():
        if wanted & {topic.slug.casefold(), *(str(name).casefold() for name in topic.names.values())}:
            return topic
    return None


def _language(code: str) -> str:
    known = {code for code, _name in languages()}
    return next((one for one in (code, code.partition("-")[0]) if one in known), django_settings.LANGUAGE_CODE)
