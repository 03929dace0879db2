"""Who has to agree before shoppers read an article? Wagtail's workflow for articles, asked and answered from the dashboard."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import WorkflowState

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.helpcenter.models import HelpArticle

LONGEST_COMMENT = 500


class NotWaitingError(ValueError):
    """Nothing waits for an answer, or it waits already."""


class NotYoursError(PermissionError):
    """The step of the workflow is somebody else's to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How far an article is: whether anybody has to agree, since when it waits, and what was said when it was sent back."""

    is_needed: bool
    is_waiting: bool = False
    can_decide: bool = False
    asked_by: Any = None
    asked_at: datetime | None = None
    step: str = ""
    revision: int = 0
    """The number of the version that is asked about."""
    sent_back: str = ""
    is_sent_back: bool = False


def read_approval(article: HelpArticle, user: Any) -> Approval:
    """Return how far the workflow of ``article`` is, and whether ``user`` can decide."""
    state = article.current_workflow_state
    if state is None or state.current_task_state is None:
        return Approval(is_needed=article.get_workflow() is not None)
    is_waiting = state.status == WorkflowState.STATUS_IN_PROGRESS
    step = state.current_task_state
    return Approval(
        is_needed=True,
        is_waiting=is_waiting,
        can_decide=is_waiting and _can_decide(article, user),
        asked_by=state.requested_by,
        asked_at=step.started_at,
        step=step.task.name,
        revision=step.revision_id,
        sent_back="" if is_waiting else step.comment,
        is_sent_back=not is_waiting,
    )


def _can_decide(article: HelpArticle, user: Any) -> bool:
    task = article.current_workflow_task
    return task is not None and any(action[0] == "approve" for action in task.get_actions(article, user))


def submit(article: HelpArticle, *, user: Any, now: datetime) -> None:
    """Ask that the latest draft be published; after it was sent back, ask again. Raises :class:`NotWaitingError`."""
    workflow, state = article.get_workflow(), article.current_workflow_state
    if workflow is None or (state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS):
        raise NotWaitingError
    with transaction.atomic():
        if article.latest_revision_id is None:
            article.save_revision(user=user, clean=False)
        if state is not None:
            state.cancel(user=user)  # who asks again may be another one than who asked first
        workflow.start(article, user)
        _note(article, "submitted", user, now)


def approve(article: HelpArticle, *, user: Any, now: datetime) -> None:
    """Agree. After the last step the article is published, by Wagtail, as it was when the step began."""
    with transaction.atomic():
        step = _step(article, user)
        step.task.specific.on_action(step, user, "approve")
        _note(article, "approved", user, now)


def send_back(article: HelpArticle, *, user: Any, comment: str, now: datetime) -> None:
    """Send it back with a word of why."""
    with transaction.atomic():
        step = _step(article, user)
        step.task.specific.on_action(step, user, "reject", comment=comment[:LONGEST_COMMENT])
        _note(article, "sent_back", user, now)


def _step(article: HelpArticle, user: Any) -> Any:
    step = article.current_workflow_task_state
    if step is None:
        raise NotWaitingError
    if not _can_decide(article, user):
        raise NotYoursError
    return step


def _note(article: HelpArticle, what: str, user: Any, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        record_action(actor=user, action=f"help_article.{what}", object_kind="help_article", object_id=article.pk, now=now)
