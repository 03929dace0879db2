"""What of the desk can a program do? Read, answer, close, assign: by the desk's own functions, as the key's user."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from oscar_engage.api.access import EngageView
from oscar_engage.api.shapes import Assigning, Closing, ConversationShape, MessageShape, NewMessage
from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.desk.agent import get_active_agent
from oscar_engage.desk.access import SUPERVISE_PERMISSION, access_conversation_for_agent, may_close, visible_to
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import AnsweredError, ConversationClosedError, NotTakenError, lock_conversation, post_message
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, close, take
from oscar_engage.desk.text import InvalidMessageError
from oscar_engage.desk.topics.store import active_topics
from oscar_engage.desk.topics.wrap import Wrap, wrap_up
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent

READ = ("conversations:read", ("view_conversation",))
WRITE = ("conversations:write", ("view_conversation", "change_conversation"))


class ConflictError(APIException):
    """It is not as the program thinks: it has moved, or is over."""

    status_code = 409
    default_code = "conflict"


class ByTime(CursorPagination):
    """Newest first, by a cursor that stays right while new ones come: a number is nobody else's."""

    ordering = ("-pk",)
    page_size = 50


class BySeq(CursorPagination):
    """In the order of a conversation."""

    ordering = ("seq",)
    page_size = 100


class ConversationsView(EngageView, ListAPIView):
    """Conversations, the newest first."""

    module, needs = "desk", {"GET": READ}
    serializer_class, pagination_class = ConversationShape, ByTime
    takes = {"GET": ("status", "kind", "queue")}

    def get_queryset(self) -> Any:
        """Return what the key's user may see at the desk; ``status``, ``kind`` and ``queue`` narrow it."""
        asked = self.request.query_params
        rows = visible_to(self.request.user).select_related("agent", "queue", "topic")
        chosen = {name: asked[name] for name in ("status", "kind") if name in asked}
        if "queue" in asked:
            chosen["queue__slug"] = asked["queue"]
        return rows.filter(**chosen)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List conversations, the newest first."""
        return self.list(request, *args, **kwargs)


class ConversationView(EngageView):
    """One conversation."""

    module, needs = "desk", {"GET": READ}
    answers = {"GET": ConversationShape}

    def get(self, request: Request, public_id: str) -> Response:
        """Read it."""
        return Response(ConversationShape(_find(request, public_id)).data)


class MessagesView(EngageView, ListAPIView):
    """The messages of one conversation."""

    module, needs = "desk", {"GET": READ, "POST": WRITE}
    serializer_class, pagination_class = MessageShape, BySeq
    asks, answers = {"POST": NewMessage}, {"POST": {201: MessageShape}}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the messages, in their order."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return them all."""
        if getattr(self, "swagger_fake_view", False):
            return Message.objects.none()
        return _find(self.request, self.kwargs["public_id"]).messages.all()

    def post(self, request: Request, public_id: str) -> Response:
        """Answer as the key's user; 409 if the conversation is closed, not taken, or a colleague answered since ``seen``."""
        said = _read(NewMessage, request)
        conversation, now = _find(request, public_id), timezone.now()
        agent = get_active_agent(request.user, now=now)
        try:
            with transaction.atomic(using=get_settings().database):
                message = post_message(
                    conversation,
                    role=Role.AGENT,
                    body=said["body"],
                    client_id=said["client_id"],
                    seen=said.get("seen"),
                    agent=agent,
                    now=now,
                )
                _record(request, "conversation.replied", conversation, now)
        except InvalidMessageError:
            raise ValidationError({"body": ["There is nothing in it."]}) from None
        except (ConversationClosedError, NotTakenError, AnsweredError) as error:
            raise ConflictError(_said(error)) from None
        return Response(MessageShape(message).data, status=201)


class CloseView(EngageView):
    """The end of a conversation."""

    module, needs = "desk", {"POST": WRITE}
    asks, answers = {"POST": Closing}, {"POST": ConversationShape}

    def post(self, request: Request, public_id: str) -> Response:
        """Close it, with what it was about; a colleague's is for supervisors to close."""
        said = _read(Closing, request)
        conversation, now = _find(request, public_id), timezone.now()
        topic = _topic(said.get("topic"))
        with transaction.atomic(using=get_settings().database):
            if not may_close(request.user, lock_conversation(conversation)):
                raise PermissionDenied
            closed = close(conversation, get_active_agent(request.user, now=now), now=now)
            if said:
                wrap = Wrap(topic=topic, outcome=said.get("outcome", ""), note=said.get("note", ""))
                closed = wrap_up(conversation, wrap, now=now)
            _record(request, "conversation.closed", conversation, now)
        return Response(ConversationShape(closed).data)


class AssignView(EngageView):
    """Who has a conversation."""

    module, needs = "desk", {"POST": WRITE}
    asks, answers = {"POST": Assigning}, {"POST": ConversationShape}

    def post(self, request: Request, public_id: str) -> Response:
        """Take it, or hand it to a colleague; 409 if somebody else has it, or there is no free slot."""
        said = _read(Assigning, request)
        conversation, now = _find(request, public_id), timezone.now()
        agent = get_active_agent(request.user, now=now)
        try:
            if "agent" not in said or said["agent"] == agent.pk:
                with transaction.atomic(using=get_settings().database):
                    given = take(conversation, agent, now=now)
                    _record(request, "conversation.taken", conversation, now)
            else:
                given = _hand_on(request, conversation, agent, said)
        except (TakenError, NoFreeSlotError, MovedError) as error:
            raise ConflictError(_said(error)) from None
        return Response(ConversationShape(given).data)


def _hand_on(request: Request, conversation: Conversation, agent: Agent, said: dict[str, Any]) -> Conversation:
    if conversation.agent_id != agent.pk and not request.user.has_perm(SUPERVISE_PERMISSION):
        raise PermissionDenied
    to = Agent.objects.filter(pk=said["agent"]).first()
    if to is None or not said.get("reason", "").strip():
        raise ValidationError({"agent": ["Name a colleague by id, and a reason for them to read."]})
    deed = Deed(by=agent, user=request.user, reason=said["reason"], now=timezone.now())
    return hand_to_agent(conversation, to, deed, seen=where_is(conversation))


_REASONS = {
    ConversationClosedError: "It is closed.",
    NotTakenError: "Take the chat first.",
    AnsweredError: "A colleague has answered meanwhile.",
    TakenError: "Somebody else has it, or it is over.",
    NoFreeSlotError: "No free slot: the agent is not online, or has enough to do.",
    MovedError: "It has moved meanwhile.",
}


def _said(error: Exception) -> str:
    return next(words for kind, words in _REASONS.items() if isinstance(error, kind))


def _find(request: Request, public_id: str) -> Conversation:
    try:
        return access_conversation_for_agent(request.user, public_id)
    except Conversation.DoesNotExist:
        raise Http404 from None


def _topic(slug: str | None) -> Any:
    if slug is None:
        return None
    found = next((topic for topic in active_topics() if topic.slug == slug), None)
    if found is None:
        raise ValidationError({"topic": ["There is no such topic."]})
    return found


def _read(shape: Any, request: Request) -> dict[str, Any]:
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _record(request: Request, action: str, conversation: Conversation, now: Any) -> None:
    detail = {"key": request.auth.prefix}
    record_action(
        actor=request.user, action=action, object_kind="conversation", object_id=conversation.pk, now=now, detail=detail
    )
