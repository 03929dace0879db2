"""May this person see this conversation? The only way to one from outside; an unknown and a foreign one look the same."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db.models import CharField, Exists, Q, QuerySet, UUIDField

from oscar_engage.desk.models import Conversation, Queue, QueueMember
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels
from oscar_engage.visitors.models import Visitor

VIEW_PERMISSION = "oscar_engage.view_conversation"
SUPERVISE_PERMISSION = "oscar_engage.change_agent"


def access_conversation_of_visitor(visitor_id: uuid.UUID | None, public_id: str) -> Conversation:
    """Return the visitor's own conversation or raise ``Conversation.DoesNotExist``; one query in any case."""
    return _OF_VISITOR.get(public_id=public_id, visitor_id=visitor_id or uuid.uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who looks from outside: the visitor of this browser, the customer who is logged in, either of them or nobody."""

    visitor_id: uuid.UUID | None = None
    customer_id: int | None = None


def owned_by(owner: Owner) -> QuerySet[Conversation]:
    """Return what ``owner`` asked: with this browser, and as a customer with any; none for nobody."""
    own = Q(visitor_id=owner.visitor_id or uuid.uuid4())
    if owner.customer_id is not None:
        browsers = Visitor.objects.filter(customer_id=owner.customer_id).values("pk")
        # What another customer asked with this browser, or one of these, is that customer's.
        own = Q(customer_id=owner.customer_id) | ((own | Q(visitor_id__in=browsers)) & Q(customer_id=None))
    return Conversation.objects.filter(own).select_related("agent")


def access_conversation_of_owner(owner: Owner, public_id: str) -> Conversation:
    """Return the owner's own conversation or raise ``Conversation.DoesNotExist``; one query in any case."""
    if owner.customer_id is None:
        return access_conversation_of_visitor(owner.visitor_id, public_id)
    return owned_by(owner).get(public_id=public_id)


def access_conversation_of_key(key: str | None, public_id: str) -> Conversation:
    """Return the conversation of the visitor with this key, as :func:`access_conversation_of_visitor` does."""
    return _OF_KEY.get(public_id=public_id, key=key or "")


def access_conversation_for_agent(user: AbstractBaseUser | AnonymousUser, public_id: str) -> Conversation:
    """Return the conversation if ``user`` may answer shoppers and see its queue, else raise ``Conversation.DoesNotExist``."""
    if not is_desk_open_to(user):
        raise Conversation.DoesNotExist(public_id)
    return _ANY.get(public_id=public_id) if sees_all(user) else _OF_MEMBER.get(public_id=public_id, user=user.pk)


def is_desk_open_to(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether ``user`` may answer shoppers."""
    return user.is_active and isinstance(user, PermissionsMixin) and user.has_perm(VIEW_PERMISSION)


def visible_to(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Conversation]:
    """Return what ``user`` may see: the one answer for a page, a search and a list. Nothing for who may not answer shoppers."""
    if not is_desk_open_to(user):
        return Conversation.objects.none()
    return Conversation.objects.all() if sees_all(user) else Conversation.objects.filter(open_to(user.pk))


def sees_all(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether ``user`` sees the conversations of all queues, also of those that are for their members alone."""
    return isinstance(user, PermissionsMixin) and user.has_perm(SUPERVISE_PERMISSION)


def open_to(user: Any) -> Q:
    """Return which conversations the queues leave to ``user``, the id of one who may answer shoppers and does not see all.

    Whoever was given one keeps it, whatever becomes of its queue.
    """
    member = QueueMember.objects.filter(agent__user=user).values("queue")
    shut = Queue.objects.filter(is_members_only=True).exclude(pk__in=member)
    is_named = Q(queue__isnull=False) & ~Q(queue__in=shut.values("pk"))
    is_in_open_default = Q(queue__isnull=True) & Q(~Exists(shut.filter(is_default=True)))
    return Q(agent__user=user) | is_named | is_in_open_default


def may_close(user: AbstractBaseUser | AnonymousUser, conversation: Conversation) -> bool:
    """Whether ``user``, who may see the conversation, may end it: one's own, one that nobody has; a supervisor ends any."""
    agent = conversation.agent
    if agent is None or agent.user_id == user.pk:
        return True
    return isinstance(user, PermissionsMixin) and user.has_perm(SUPERVISE_PERMISSION)


def _named() -> QuerySet[Conversation]:
    return Conversation.objects.filter(public_id=Given("public_id", CharField()))


def _of_key() -> QuerySet[Conversation]:
    return _named().filter(visitor_id__in=Visitor.objects.filter(key=Given("key", CharField())).values("pk"))


_OF_VISITOR = PreparedModels(lambda: _named().filter(visitor_id=Given("visitor_id", UUIDField())), "agent")
_OF_KEY = PreparedModels(_of_key, "agent")


def _of_member() -> QuerySet[Conversation]:
    return _named().filter(open_to(Given("user", get_user_model()._meta.pk)))


_ANY = PreparedModels(_named, "agent", "policy")
_OF_MEMBER = PreparedModels(_of_member, "agent", "policy")
