"""Whose practice may this be shown to? The agent's own, and supervisors'; to write in, the agent's alone."""

from typing import Any

from django.http import Http404

from oscar_engage.dashboard.desk.agent import get_agent
from oscar_engage.desk.access import SUPERVISE_PERMISSION
from oscar_engage.desk.practice.models import Practice, PracticeChat


def own_practice(user: Any, public_id: str) -> Practice:
    """Return the sitting of ``user``'s agent, or answer 404."""
    practice = Practice.objects.select_related("agent").filter(public_id=public_id, agent=get_agent(user)).first()
    if practice is None:
        raise Http404
    return practice


def own_chat(user: Any, public_id: str) -> PracticeChat:
    """Return the conversation of ``user``'s agent, or answer 404."""
    chats = PracticeChat.objects.select_related("practice__agent")
    chat = chats.filter(public_id=public_id, practice__agent=get_agent(user)).first()
    if chat is None:
        raise Http404
    return chat


def seen_practice(user: Any, public_id: str) -> Practice:
    """Return the sitting for who may read how it went: its agent, and supervisors; else answer 404."""
    practice = Practice.objects.select_related("agent").filter(public_id=public_id).first()
    if practice is None or not (practice.agent.user_id == user.pk or is_supervisor(user)):
        raise Http404
    return practice


def is_supervisor(user: Any) -> bool:
    """Whether ``user`` sees the practice of all agents."""
    return bool(user.has_perm(SUPERVISE_PERMISSION))
