"""Do new words wait beside the live ones until somebody publishes them, and can old ones come back?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.audit.models import AuditEntry
from oscar_engage.rules.errors import ChangedMeanwhileError
from oscar_engage.widgets.life.diff import diff
from oscar_engage.widgets.life.document import as_of, document_of
from oscar_engage.widgets.life.publish import (
    NeverPublishedError,
    NothingWaitsError,
    OwnDraftError,
    WrongCommentError,
    ask_for_approval,
    publish,
    roll_back,
    save_draft,
    send_back,
    switch,
)
from oscar_engage.widgets.life.states import Standing, standing_of
from oscar_engage.widgets.models import Engagement, EngagementVersion, ImmutableWordsError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def made_by_a_program() -> Engagement:
    return Engagement.objects.create(slug="help", widget="note", title="Old")


def typed(engagement: Engagement, **words: object) -> Engagement:
    return as_of(engagement, {**document_of(engagement), **words})


def live_title() -> str:
    return Engagement.objects.get().title


def test_save_draft__new__is_not_live_and_its_name_may_change() -> None:
    engagement = Engagement(slug="help", widget="note", title="New")
    save_draft(engagement, user=None, now=NOW)
    engagement.slug, engagement.title = "ask", "Newer"
    version = save_draft(engagement, user=None, now=NOW)

    stored = Engagement.objects.get()
    assert (version.number, stored.slug, stored.title, stored.is_active) == (2, "ask", "Newer", False)


def test_save_draft__of_live_words__leaves_them_and_keeps_them_as_the_first_version() -> None:
    engagement = made_by_a_program()
    version = save_draft(typed(engagement, title="New"), user=None, now=NOW)

    assert (version.number, live_title()) == (2, "Old")
    assert Engagement.objects.get().published == EngagementVersion.objects.get(number=1)


def test_save_draft__the_same_again__is_no_new_version() -> None:
    engagement = made_by_a_program()
    first = save_draft(typed(engagement, title="New"), user=None, now=NOW)

    assert save_draft(typed(engagement, title="New"), user=None, now=NOW) == first


def test_save_draft__from_an_older_version__is_refused() -> None:
    engagement = made_by_a_program()
    save_draft(typed(engagement, title="New"), user=None, now=NOW)
    with pytest.raises(ChangedMeanwhileError):
        save_draft(typed(engagement, title="Newer"), user=None, now=NOW, base=1)


def test_version__saved__never_changes() -> None:
    version = save_draft(Engagement(slug="help", widget="note", title="New"), user=None, now=NOW)
    with pytest.raises(ImmutableWordsError):
        version.save()


def test_publish__newest_version__is_what_shoppers_read_and_is_on_the_trail() -> None:
    engagement = made_by_a_program()
    german = {"de": {"title": "Neu", "body": "", "button": ""}}
    ends = (NOW + HOUR).isoformat()
    save_draft(typed(engagement, title="New", translations=german, ends_at=ends), user=None, now=NOW)
    publish(engagement, user=None, now=NOW)

    assert (engagement.title, engagement.translations, engagement.ends_at) == ("New", german, NOW + HOUR)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "detail__number")) == [
        ("engagement.drafted", 2),
        ("engagement.published", 2),
    ]


def test_publish__what_waits_unread__is_refused() -> None:
    engagement = made_by_a_program()
    save_draft(typed(engagement, title="New"), user=None, now=NOW)
    with pytest.raises(ChangedMeanwhileError):
        publish(engagement, user=None, now=NOW, expected=1)
    assert live_title() == "Old"


def test_publish__by_the_author__only_where_one_is_enough(settings: object) -> None:
    author, other = (get_user_model().objects.create_user(name, f"{name}@example.com") for name in ("ada", "bob"))
    engagement = made_by_a_program()
    save_draft(typed(engagement, title="New"), user=author, now=NOW)
    settings.OSCAR_ENGAGE = {"ENGAGEMENTS_BY_TWO": True}  # type: ignore[attr-defined]  # pytest-django's
    with pytest.raises(OwnDraftError):
        publish(engagement, user=author, now=NOW)
    publish(engagement, user=other, now=NOW)
    assert live_title() == "New"


def test_send_back__what_waits__says_why_and_waits_no_more() -> None:
    engagement = made_by_a_program()
    with pytest.raises(NothingWaitsError):
        send_back(engagement, "Shorter.", user=None, now=NOW)
    ask_for_approval(engagement, user=None, now=NOW)
    with pytest.raises(WrongCommentError):
        send_back(engagement, " ", user=None, now=NOW)
    send_back(engagement, "Shorter.", user=None, now=NOW)
    assert (engagement.asked_at, engagement.comment) == (None, "Shorter.")
    save_draft(typed(engagement, title="Short"), user=None, now=NOW)
    assert Engagement.objects.get().comment == ""


def test_roll_back__to_the_first__is_the_newest_draft_and_not_live_yet() -> None:
    engagement = made_by_a_program()
    save_draft(typed(engagement, title="New"), user=None, now=NOW)
    publish(engagement, user=None, now=NOW)
    version = roll_back(engagement, 1, user=None, now=NOW)

    assert (version.number, version.document["title"], live_title()) == (3, "Old", "New")


def test_switch__never_published__is_refused_and_off_comes_back_as_it_was() -> None:
    draft = Engagement(slug="draft", widget="note", title="Draft")
    save_draft(draft, user=None, now=NOW)
    with pytest.raises(NeverPublishedError):
        switch(draft, is_active=True, user=None, now=NOW)
    draft.delete()
    engagement = made_by_a_program()
    for is_active in (False, True):
        switch(engagement, is_active=is_active, user=None, now=NOW)
        assert (engagement.is_active, engagement.title) == (is_active, "Old")


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, Standing.LIVE),
        ({"is_active": False}, Standing.DRAFT),
        ({"is_active": False, "published_id": 1}, Standing.OFF),
        ({"starts_at": NOW}, Standing.LIVE),
        ({"starts_at": NOW + HOUR}, Standing.SCHEDULED),
        ({"ends_at": NOW}, Standing.ENDED),
        ({"ends_at": NOW + HOUR}, Standing.LIVE),
    ],
)
def test_standing_of__switch_and_times__is_told_apart(fields: dict[str, object], standing: Standing) -> None:
    assert standing_of(Engagement(**fields), now=NOW) is standing  # type: ignore[arg-type]  # fields of the model


def test_diff__two_documents__names_each_place_that_changed() -> None:
    old = document_of(Engagement(slug="help", widget="note", title="Old"))
    variant = {"name": "B", "share": 30, "texts": {"de": {"title": "Zwei"}}}
    new = {**old, "title": "New", "widget": "balloon", "variants": [variant], "starts_at": NOW.isoformat()}

    assert [(change.place, change.before, change.after) for change in diff(old, new)] == [
        ("widget", "Sticky note", "Balloon"),
        ("wording A, share", "", "70 %"),
        ("wording A, English, title", "Old", "New"),
        ("wording B, share", "", "30 %"),
        ("wording B, Deutsch, title", "", "Zwei"),
        ("starts at", "", "03/01/2026 noon"),
    ]
    assert diff(old, old) == []


FACTS = {"content": "product_facts", "settings": {"delivery": "", "returns": "free"}}


def test_content__drafted_published_and_rolled_back__comes_and_goes_with_the_words() -> None:
    engagement = made_by_a_program()
    save_draft(typed(engagement, **FACTS), user=None, now=NOW)
    assert (Engagement.objects.get().content, Engagement.objects.get().settings) == ("text", {})
    publish(engagement, user=None, now=NOW)
    assert (Engagement.objects.get().content, Engagement.objects.get().settings) == tuple(FACTS.values())
    roll_back(engagement, 1, user=None, now=NOW)
    publish(engagement, user=None, now=NOW)
    assert (Engagement.objects.get().content, Engagement.objects.get().settings) == ("text", {})


def test_as_of__version_older_than_contents__has_words_alone() -> None:
    engagement = Engagement(slug="help", widget="balloon", title="Old", **FACTS)
    old = {key: value for key, value in document_of(engagement).items() if key not in FACTS}

    seen = as_of(engagement, old)

    assert (seen.content, seen.settings, engagement.settings) == ("text", {}, FACTS["settings"])


def test_diff__content_and_its_settings__are_named_as_the_form_does() -> None:
    old = document_of(Engagement(slug="help", widget="balloon", title="Help"))
    gone = {"content": "carousel", "settings": {"speed": 3}}

    told = [[(one.place, one.before, one.after) for one in diff(old, {**old, **new})] for new in (FACTS, gone)]

    assert told[0] == [("content", "Words only", "Facts about the product in view"), ("content, About returns", "", "free")]
    assert told[1] == [("content", "Words only", "carousel"), ("content, speed", "", "3")]
