"""Does nothing go live before somebody else agrees, where the shop or Wagtail says so?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from oscar_engage.helpcenter.models import HelpArticle
from tests.helpcenter.test_editor import ClientOf, FormOf, address, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(loaded: dict[str, HelpArticle]) -> HelpArticle:
    return loaded["en/return-an-item"]


@pytest.fixture
def approval(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ARTICLE_APPROVAL": True}


@pytest.fixture
def submitted(client_of: ClientOf, article: HelpArticle, form_of: FormOf, approval: None) -> HelpArticle:
    """A draft by a merchandiser that waits for somebody else."""
    client = client_of("merchandiser")
    client.post(address("article-edit", article.pk), {**form_of(article), "title": "Better"})
    client.post(address("article-submit", article.pk))
    return again(article)


def colleague() -> Client:
    user = get_user_model().objects.create_user(username="colleague", email="c@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name="Engage merchandisers"))
    client = Client()
    client.force_login(user, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return client


def test_publish__where_somebody_has_to_agree__is_refused(
    client_of: ClientOf, article: HelpArticle, form_of: FormOf, approval: None
) -> None:
    client = client_of("merchandiser")
    sent = {**form_of(article), "title": "Better", "do": "publish"}

    page = client.post(address("article-edit", article.pk), sent, follow=True).content.decode()
    client.post(address("article-publish", article.pk))

    assert "Somebody else has to agree first" in page
    assert again(article).title == "Return an item"


def test_submitted__approved_by_a_colleague__is_live(submitted: HelpArticle, client: Client) -> None:
    colleague().post(address("article-decide", submitted.pk), {"do": "approve"})

    assert again(submitted).title == "Better"
    assert "Better" in client.get(submitted.get_absolute_url()).content.decode()


def test_submitted__changed_after_that__only_what_was_asked_about_goes_live(
    submitted: HelpArticle, client_of: ClientOf, form_of: FormOf
) -> None:
    sneaked = {**form_of(submitted), "title": "Sneaked in"}
    assert client_of("merchandiser").post(address("article-edit", submitted.pk), sneaked).status_code == 409
    other = colleague()
    page = other.get(address("article-edit", submitted.pk)).content.decode()
    other.post(address("article-decide", submitted.pk), {"do": "approve"})

    assert "See what changed" in page
    assert again(submitted).title == "Better"


def test_submitted__approved_by_who_asked__stays_a_draft(submitted: HelpArticle, client_of: ClientOf) -> None:
    page = client_of("merchandiser").get(address("article-edit", submitted.pk)).content.decode()
    client_of("merchandiser").post(address("article-decide", submitted.pk), {"do": "approve"})

    assert "Somebody else decides" in page
    assert again(submitted).title == "Return an item"


@pytest.mark.parametrize("role", ["writer", "supervisor"])
def test_submitted__approved_by_who_may_not_publish__stays_a_draft(
    submitted: HelpArticle, client_of: ClientOf, role: str
) -> None:
    client_of(role).post(address("article-decide", submitted.pk), {"do": "approve"})
    assert again(submitted).title == "Return an item"


def test_submitted__sent_back_with_a_word__can_be_submitted_again(submitted: HelpArticle, client_of: ClientOf) -> None:
    other = colleague()
    other.post(address("article-decide", submitted.pk), {"do": "send-back"})
    assert "Sent back" not in client_of("merchandiser").get(address("article-edit", submitted.pk)).content.decode()

    other.post(address("article-decide", submitted.pk), {"do": "send-back", "comment": "Name the country"})
    page = client_of("merchandiser").get(address("article-edit", submitted.pk)).content.decode()
    client_of("merchandiser").post(address("article-submit", submitted.pk))
    other.post(address("article-decide", submitted.pk), {"do": "approve"})

    assert "Name the country" in page
    assert again(submitted).title == "Better"


def test_decide__where_nothing_waits__says_so(article: HelpArticle, client_of: ClientOf, approval: None) -> None:
    page = client_of("merchandiser").post(address("article-decide", article.pk), {"do": "approve"}, follow=True)
    assert "Nothing waits for approval here" in page.content.decode()


def test_submit__twice__waits_once(submitted: HelpArticle, client_of: ClientOf) -> None:
    page = client_of("merchandiser").post(address("article-submit", submitted.pk), follow=True).content.decode()
    assert "There is nothing to submit" in page
    assert "waits for approval" in client_of("merchandiser").get(address("articles")).content.decode()


def test_workflow__of_wagtails_own__counts_before_ours(
    article: HelpArticle, client_of: ClientOf, form_of: Callable[[HelpArticle], dict[str, Any]]
) -> None:
    group = Group.objects.create(name="Copy editors")
    task = GroupApprovalTask.objects.create(name="Editors agree")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Two steps")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(content_type=ContentType.objects.get_for_model(HelpArticle), workflow=workflow)
    writer = client_of("writer")
    writer.post(address("article-edit", article.pk), {**form_of(article), "title": "Better"})
    writer.post(address("article-submit", article.pk))
    client_of("merchandiser").post(address("article-decide", article.pk), {"do": "approve"})
    assert again(article).title == "Return an item"

    get_user_model().objects.get(username="merchandiser").groups.add(group)
    client_of("merchandiser").post(address("article-decide", article.pk), {"do": "approve"})
    assert again(article).title == "Better"
