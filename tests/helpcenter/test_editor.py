"""Can somebody with no right of Wagtail's write, preview, publish, schedule, compare and translate an article?"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic
from oscar_engage.helpcenter.publish import draft_of, publish_due
from tests.helpcenter.conftest import NOW

pytestmark = pytest.mark.django_db
FormOf = Callable[[HelpArticle], dict[str, Any]]
ClientOf = Callable[[str], Client]


def address(name: str, *args: Any) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def again(article: HelpArticle) -> HelpArticle:
    return HelpArticle.objects.get(pk=article.pk)


def test_save__of_a_live_article__keeps_a_draft_beside_it(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]

    response = client_of("writer").post(address("article-edit", article.pk), {**form_of(article), "title": "New title"})

    assert response.status_code == 302
    assert again(article).title == "Return an item"
    assert again(article).has_unpublished_changes
    assert draft_of(again(article)).title == "New title"
    assert draft_of(again(article)).digest == ""
    assert AuditEntry.objects.filter(action="help_article.changed").exists()
    assert 'value="New title"' in client_of("writer").get(address("article-edit", article.pk)).content.decode()


def test_publish__by_who_may__is_what_shoppers_read(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf, client: Client
) -> None:
    article = loaded["en/return-an-item"]
    sent = {**form_of(article), "title": "New title", "do": "publish"}

    client_of("merchandiser").post(address("article-edit", article.pk), sent)

    assert "New title" in client.get(article.get_absolute_url()).content.decode()
    assert again(article).live_revision_id == again(article).latest_revision_id


def test_publish__by_who_may_only_write__is_refused(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]
    sent = {**form_of(article), "title": "New title", "do": "publish"}

    assert client_of("writer").post(address("article-edit", article.pk), sent).status_code == 403
    assert again(article).latest_revision_id == article.latest_revision_id
    assert "Save and publish" not in client_of("writer").get(address("article-edit", article.pk)).content.decode()


def test_create__by_a_writer__is_a_draft_that_nobody_reads(
    client_of: ClientOf, loaded: dict[str, HelpArticle], client: Client
) -> None:
    topic = HelpTopic.objects.get(slug="returns")
    sent = {"title": "Repairs", "slug": "repairs", "topic": topic.pk, "summary": "We repair.", "body": "Text", "language": "en"}

    response = client_of("writer").post(address("article-create"), sent)

    article = HelpArticle.objects.get(slug="repairs")
    assert response.headers["Location"] == address("article-edit", article.pk)
    assert not article.live
    assert client.get(article.get_absolute_url()).status_code == 404
    client_of("merchandiser").post(address("article-publish", article.pk))
    assert client.get(article.get_absolute_url()).status_code == 200


def test_draft__changed_before_it_was_ever_live__is_what_lists_show(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    test_create__by_a_writer__is_a_draft_that_nobody_reads(client_of, loaded, Client())
    article = HelpArticle.objects.select_related("locale").get(slug="repairs")
    client_of("merchandiser").post(address("article-unpublish", article.pk))

    client_of("writer").post(address("article-edit", article.pk), {**form_of(again(article)), "title": "Mending"})

    assert "Mending" in client_of("writer").get(address("articles")).content.decode()


def test_translation__begun_from_the_original__belongs_to_it(client_of: ClientOf, loaded: dict[str, HelpArticle]) -> None:
    original = loaded["en/where-is-my-parcel"]
    page = address("article-create") + "?of=where-is-my-parcel&language=de"
    shown = client_of("writer").get(page).content.decode()
    sent = {"title": "Wo ist mein Paket", "topic": original.topic_id, "summary": "Im Brief.", "body": "Text", "do": "publish"}

    client_of("merchandiser").post(page, sent)

    german = HelpArticle.objects.get(slug="where-is-my-parcel", locale__language_code="de")
    assert "Look into your mails" in shown
    assert german.translation_key == original.translation_key
    assert german.live


def test_translation__of_an_original_that_changed_since__is_called_older(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]
    before = client_of("merchandiser").get(address("articles")).content.decode()
    client_of("merchandiser").post(address("article-edit", article.pk), {**form_of(article), "body": "Other", "do": "publish"})

    after = client_of("merchandiser").get(address("articles")).content.decode()

    assert "older than the original" not in before
    assert "older than the original" in after
    assert "missing" in after


def test_preview__of_what_is_typed__saves_nothing(client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf) -> None:
    article = loaded["en/return-an-item"]
    sent = {**form_of(article), "body": "**typed** <img src=x onerror=alert(1)>", "do": "preview"}

    page = client_of("writer").post(address("article-edit", article.pk), sent).content.decode()

    assert "<strong>typed</strong> &lt;img src=x" in page
    assert again(article).latest_revision_id == article.latest_revision_id


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"body": "[go](javascript:x)"}, "Nobody can be led to “javascript:x”"),
        ({"body": "x" * 20_001}, "at most 20000 characters"),
        ({"expire_at": "2020-01-01T10:00"}, "not one that is over"),
        ({"topic": "99999"}, "Select a valid choice"),
    ],
)
def test_save__of_what_cannot_be__says_what_is_wrong_and_keeps_the_text(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf, wrong: dict[str, str], words: str
) -> None:
    article = loaded["en/return-an-item"]
    response = client_of("writer").post(address("article-edit", article.pk), {**form_of(article), "words": "kept", **wrong})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="kept"' in response.content.decode()


@pytest.mark.parametrize("slug", ["Ä b", "return-an-item", "a--b"])
def test_create__with_a_name_that_cannot_be__is_refused(client_of: ClientOf, loaded: dict[str, HelpArticle], slug: str) -> None:
    topic = HelpTopic.objects.get(slug="returns")
    sent = {"title": "T", "slug": slug, "topic": topic.pk, "summary": "S", "body": "Text", "language": "en"}
    assert client_of("writer").post(address("article-create"), sent).status_code == 422
    assert HelpArticle.objects.count() == 3


def test_save__after_a_colleague__is_refused_and_loses_nothing(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]
    old = {**form_of(article), "body": "My own words"}
    client_of("merchandiser").post(address("article-edit", article.pk), {**form_of(article), "body": "Theirs"})

    response = client_of("writer").post(address("article-edit", article.pk), old)

    assert response.status_code == 409
    assert "My own words" in response.content.decode()
    assert draft_of(again(article)).body == "Theirs"


def test_save__of_what_is_locked_in_wagtail__is_refused(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]
    HelpArticle.objects.filter(pk=article.pk).update(locked=True)

    response = client_of("merchandiser").post(address("article-edit", article.pk), {**form_of(article), "body": "Mine"})

    assert response.status_code == 409
    assert "locked in Wagtail" in response.content.decode()
    assert again(article).latest_revision_id == article.latest_revision_id


def test_schedule__until_its_time__is_not_read(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf, client: Client
) -> None:
    article = loaded["en/where-is-my-parcel"]
    begins = timezone.now() + dt.timedelta(hours=2)
    sent = {
        **form_of(article),
        "title": "Later",
        "go_live_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "expire_at": (begins + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "do": "publish",
    }

    page = client_of("merchandiser").post(address("article-edit", article.pk), sent, follow=True).content.decode()

    assert "goes live at" in page
    assert "scheduled" in client_of("merchandiser").get(address("articles")).content.decode()
    assert "Later" not in client.get(article.get_absolute_url()).content.decode()
    assert publish_due(now=timezone.now()) == 0


def test_due__what_waits_and_what_has_expired__changes_once(loaded: dict[str, HelpArticle]) -> None:
    late, over = loaded["en/where-is-my-parcel"], loaded["en/return-an-item"]
    late.title = "In time"
    late.save_revision(approved_go_live_at=NOW)
    HelpArticle.objects.filter(pk=over.pk).update(expire_at=NOW)

    done = publish_due(now=NOW + dt.timedelta(minutes=1))

    assert done == 2
    assert again(late).title == "In time"
    assert (again(over).live, again(over).expired) == (False, True)
    assert publish_due(now=NOW + dt.timedelta(minutes=2)) == 0


def test_unpublish__of_a_scheduled_article__forgets_its_time(loaded: dict[str, HelpArticle], client_of: ClientOf) -> None:
    article = loaded["en/where-is-my-parcel"]
    article.save_revision(approved_go_live_at=timezone.now() + dt.timedelta(days=1))

    client_of("merchandiser").post(address("article-unpublish", article.pk))

    assert not again(article).live
    assert not article.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_history__two_revisions__are_compared_and_rolled_back(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article = loaded["en/return-an-item"]
    first = article.latest_revision_id
    client_of("merchandiser").post(
        address("article-edit", article.pk), {**form_of(article), "body": "Entirely new", "do": "publish"}
    )
    second = again(article).latest_revision_id

    page = client_of("writer").get(address("article-history", article.pk), {"from": first, "to": second}).content.decode()
    client_of("writer").post(address("article-roll-back", article.pk), {"revision": first})

    assert "<del>Put it into its box.</del>" in page
    assert "<ins>Entirely new</ins>" in page
    assert again(article).body == "Entirely new"
    assert draft_of(again(article)).body.startswith("Put it into its box.")


@pytest.mark.parametrize("asked", [{"from": "x", "to": "1"}, {"from": "9" * 30, "to": "1"}, {"from": "1"}, {"page": "no"}])
def test_history__nonsense_in_the_address__shows_the_list(
    client_of: ClientOf, loaded: dict[str, HelpArticle], asked: dict[str, str]
) -> None:
    article = loaded["en/return-an-item"]
    assert client_of("writer").get(address("article-history", article.pk), asked).status_code == 200


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 30, "²"])
def test_roll_back__to_what_is_none_of_its_own__is_not_found(
    client_of: ClientOf, loaded: dict[str, HelpArticle], revision: str
) -> None:
    article = loaded["en/return-an-item"]
    assert client_of("writer").post(address("article-roll-back", article.pk), {"revision": revision}).status_code == 404


def test_roll_back__to_another_articles_revision__is_not_found(client_of: ClientOf, loaded: dict[str, HelpArticle]) -> None:
    other = loaded["en/where-is-my-parcel"].latest_revision_id
    url = address("article-roll-back", loaded["en/return-an-item"].pk)
    assert client_of("writer").post(url, {"revision": other}).status_code == 404


def test_delete__of_what_is_live__is_refused(client_of: ClientOf, loaded: dict[str, HelpArticle]) -> None:
    article = loaded["en/return-an-item"]
    client = client_of("merchandiser")
    client.post(address("article-delete", article.pk))
    assert HelpArticle.objects.filter(pk=article.pk).exists()

    client.post(address("article-unpublish", article.pk))
    response = client.post(address("article-delete", article.pk))
    assert response.headers["Location"] == address("articles")
    assert not HelpArticle.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"language": "de"}, {"Etwas zurückgeben"}),
        ({"topic": "delivery"}, {"Where is my parcel"}),
        ({"q": "refund"}, {"Return an item"}),
        ({"state": "draft"}, set()),
        ({"state": "live"}, {"Where is my parcel", "Return an item", "Etwas zurückgeben"}),
        ({"state": "changed"}, set()),
        ({"state": "expired"}, set()),
        ({"state": "scheduled"}, set()),
        ({"state": "nonsense", "page": "x", "q": "\0"}, {"Where is my parcel", "Return an item", "Etwas zurückgeben"}),
    ],
)
def test_list__filtered__shows_what_is_like_that(
    client_of: ClientOf, loaded: dict[str, HelpArticle], asked: dict[str, str], titles: set[str]
) -> None:
    response = client_of("writer").get(address("articles"), asked)
    assert {row.article.title for row in response.context["listing"].rows} == titles


def test_list__with_one_and_three_articles__costs_the_same(
    client_of: ClientOf, loaded: dict[str, HelpArticle], django_assert_num_queries: Any
) -> None:
    from oscar_engage.helpcenter.dashboard.listing import read_listing  # noqa: PLC0415 - beside what is counted

    read_listing({})  # the content type is looked up once
    for asked, number in (({}, 3), ({"topic": "delivery"}, 1)):
        with django_assert_num_queries(6):
            assert len(read_listing(asked).rows) == number


def test_topics__written_and_deleted__only_when_empty(client_of: ClientOf, loaded: dict[str, HelpArticle]) -> None:
    client = client_of("writer")
    client.post(address("help-topic-create"), {"slug": "sizes", "order": "3", "name_en": "Sizes", "name_de": "Größen"})
    sizes, returns = HelpTopic.objects.get(slug="sizes"), HelpTopic.objects.get(slug="returns")
    assert sizes.names == {"en": "Sizes", "de": "Größen"}

    assert "Größen" in client.get(address("help-topic-edit", sizes.pk)).content.decode()
    assert client.post(address("help-topic-create"), {"slug": "none", "order": "3"}).status_code == 422
    client.post(address("help-topic-delete", returns.pk))
    client.post(address("help-topic-delete", sizes.pk))

    assert list(HelpTopic.objects.values_list("slug", flat=True)) == ["delivery", "returns"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_pages__without_anything__say_what_to_do(client_of: ClientOf, language: str) -> None:
    client = client_of("writer")
    for name in ("articles", "help-topics"):
        page = client.get(address(name), headers={"Accept-Language": language}).content.decode()
        assert address("help-topic-create") in page


def test_asked__lines_of_the_form__are_kept_and_shown_beside_a_translation(
    client_of: ClientOf, loaded: dict[str, HelpArticle], form_of: FormOf
) -> None:
    article, writer = loaded["en/where-is-my-parcel"], client_of("merchandiser")
    asked = "where is it\r\nstill not here"

    writer.post(address("article-edit", article.pk), {**form_of(article), "asked": asked, "do": "publish"})

    article.refresh_from_db()
    assert article.asked.splitlines() == asked.splitlines()
    page = writer.get(address("article-create"), {"of": article.slug, "language": "de"}).content.decode()
    assert "How shoppers ask for it" in page
    assert "still not here" in page
