"""Is it decided of every column of ours whether it is personal, and what then becomes of it?"""

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from oscar_engage.conf import EngageSettings
from oscar_engage.jobs.periodic import RECURRING
from oscar_engage.models import Engagement, Message
from oscar_engage.personal.person import from_json, make_person, to_json
from oscar_engage.personal.registry import (
    IMPERSONAL,
    PERSONAL,
    Ending,
    Retention,
    UndecidedFieldError,
    erasing_order,
    impersonal_data,
    personal_data,
)

MODELS = list(apps.get_app_config("oscar_engage").get_models())
SOUNDS_PERSONAL = {
    *("visitor", "visitor_id", "visit", "visit_id", "customer", "user", "actor", "created_by", "email", "name", "display_name"),
    *("body", "page_path", "page_title", "query", "payload", "state", "person", "order_id", "order_number", "basket_id"),
    *("public_id", "reference", "ip", "address", "phone", "last_error"),
}
REVIEWED = {
    "ApiKey.user": "a member of staff, as in the trail",
    "ApiKey.name": "what the shop calls a program of its own",
    "WebhookSubscription.name": "what the shop calls a system of its own",
    "Engagement.body": "the merchandiser's words",
    "Rule.name": "the merchandiser's words",
    "Segment.name": "the merchandiser's words",
    "Queue.name": "the supervisor's words",
    "Skill.name": "the supervisor's words",
    "Topic.name": "the supervisor's words",
    "FillState.name": "a sweep's",
    "Mailbox.address": "the shop's own",
    "Mailbox.user": "the shop's own at its mail server",
    "Mailbox.last_error": "a mail server's, without anything in quotes",
    "PickedAnchor.state": "how well it is found",
    "OpeningHours.name": "the supervisor's words",
    "Policy.name": "the supervisor's words",
    "Job.state": "whether it is done",
    "BasketMail.state": "whether it was sent",
    "ModelVersion.state": "where it stands on its way",
}
"""Fields that only sound personal, with the reason."""


def decided(model: type[Model]) -> tuple[frozenset[str], frozenset[str]]:
    for data in PERSONAL:
        if data.model is model:
            return data.personal, data.impersonal
    return frozenset(), next(other.fields for other in IMPERSONAL if other.model is model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model__each_of_ours__is_registered_once_with_every_field(model: type[Model]) -> None:
    entries = [entry for registry in (PERSONAL, IMPERSONAL) for entry in registry if entry.model is model]
    personal, impersonal = decided(model)

    assert len(entries) == 1
    assert personal | impersonal == {field.name for field in model._meta.concrete_fields}
    assert not personal & impersonal


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model__fields_that_sound_personal__are_so_or_were_reviewed(model: type[Model]) -> None:
    _personal, impersonal = decided(model)
    doubtful = {f"{model.__name__}.{name}" for name in impersonal & SOUNDS_PERSONAL}
    assert doubtful - set(REVIEWED) == set()


@pytest.mark.parametrize("data", PERSONAL, ids=lambda data: data.name)
def test_personal_data__each_kind__can_be_found_exported_erased_and_ends(data: Any, db: None) -> None:
    person = make_person([uuid.uuid4()], customer_ids=[1], emails=["ada@example.com"])

    assert list(data.find(person)) == []
    assert set(data.export(data.model()))
    assert (data.erase is None) == (data.ending is Ending.KEPT)
    assert data.ending is Ending.DELETED or data.why
    assert data.retention.reason or data.retention.setting
    assert not data.retention.setting or isinstance(getattr(EngageSettings(), data.retention.setting), int)
    assert not data.retention.job or data.retention.job in RECURRING


def test_erasing_order__rows_that_refer_to_others__go_first() -> None:
    order = [data.model for data in erasing_order()]
    upward = [
        (model.__name__, target.__name__)
        for place, model in enumerate(order)
        for field in model._meta.concrete_fields
        if (target := field.related_model) in order[:place]
    ]
    assert upward == []


def test_registering__a_field_nobody_decided_about__is_refused() -> None:
    with pytest.raises(UndecidedFieldError, match="To be decided: anchor"):
        impersonal_data(
            Engagement, "id", "slug", *("widget", "title", "body", "button", "is_active", "created_at", "updated_at"), why=""
        )


@pytest.mark.parametrize(("ending", "words"), [(Ending.ANONYMISED, "erase="), (Ending.KEPT, "say why it may")])
def test_registering__an_ending_without_its_means__is_refused(ending: Ending, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        personal_data(
            "other_messages",
            Message,
            label="",
            personal=("body",),
            impersonal=("id", "conversation", "seq", "client_id", "role", "agent", "card", "files", "at"),
            find=lambda person: Message.objects.filter(pk__in=person.customer_ids),
            retention=Retention(),
            ending=ending,
        )


def test_person__as_json__comes_back() -> None:
    person = make_person([uuid.uuid4(), uuid.uuid4()], customer_ids=[7], emails=["Ada@Example.com", "", "ada@example.com"])

    assert from_json(to_json(person)) == person
    assert person.emails == ("ada@example.com",)
    assert not set(person.visitor_ids) & set(person.successors.values())
    assert from_json({}) == make_person()
