"""Can a merchandiser write an engagement and see it as shoppers will?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.engagements.figures import read_figures
from oscar_engage.decisions.models import Decision
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visit
from oscar_engage.widgets.life.publish import publish, save_draft
from oscar_engage.widgets.live import active_engagements, forget_engagements
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.wordings import wordings_of, words_of
from oscar_engage.widgets.words import Words
from tests.dashboard.conftest import NOW

pytestmark = pytest.mark.django_db
CREATE = "engage_dashboard:engage-engagement-create"
LIST = "engage_dashboard:engage-engagements"
TYPED = {"slug": "delivery", "widget": "balloon", "title": "Delivery <b>times</b>", "body": "Two days.", "is_active": "on"}


def url(page: str, engagement: Engagement) -> str:
    return reverse(f"engage_dashboard:engage-engagement-{page}", args=[engagement.pk])


def edit(client: Client, engagement: Engagement, **typed: str) -> HttpResponse:
    """Post the form with the words that are live, changed by ``typed``."""
    now = {name: getattr(engagement, name) for name in ("slug", "widget", "title", "body", "button", "anchor")}
    return client.post(url("edit", engagement), {**now, **typed})  # type: ignore[return-value]  # a response of a view


def title_of(engagement: Engagement) -> str:
    return Engagement.objects.get(pk=engagement.pk).title


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    forget_engagements()
    yield
    forget_engagements()


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def test_create__complete__is_a_draft_and_audited(client: Client) -> None:
    client.post(reverse(CREATE), TYPED)
    made = Engagement.objects.get()
    assert (made.slug, made.widget, made.is_active) == ("delivery", "balloon", False)
    assert AuditEntry.objects.get().action == "engagement.created"


def test_create__saved_and_published__is_live(client: Client) -> None:
    client.post(reverse(CREATE), {**TYPED, "publish": "1"})
    assert list(active_engagements(now=timezone.now())) == ["delivery"]


def test_preview__what_is_typed__is_rendered_escaped_and_not_saved(client: Client) -> None:
    page = client.post(reverse(CREATE), {**TYPED, "preview": "1"}).content.decode()
    assert page.count("Delivery &lt;b&gt;times&lt;/b&gt;") == 2
    assert page.count("inert") == 2
    assert not Engagement.objects.exists()


def test_preview__half_typed__does_not_fail(client: Client) -> None:
    assert client.post(reverse(CREATE), {"preview": "1", "title": "", "widget": "nonsense"}).status_code == 200


def test_create__wrong__keeps_what_was_typed(client: Client) -> None:
    response = client.post(reverse(CREATE), {**TYPED, "slug": "not a slug"})
    assert response.status_code == 422
    assert 'value="not a slug"' in response.content.decode()
    assert 'href="#id_slug"' in response.content.decode()


def test_edit__of_live_words__is_a_draft_beside_them(client: Client, engagements: list[Engagement]) -> None:
    edit(client, engagements[0], title="New words")
    engagements[0].refresh_from_db()
    assert (engagements[0].title, engagements[0].is_active) == ("Delivery Times", True)
    assert [version.document["title"] for version in engagements[0].versions.order_by("number")] == [
        "Delivery Times",
        "New words",
    ]
    assert 'value="New words"' in client.get(url("edit", engagements[0])).content.decode()


def test_edit__short_name_of_what_was_published__stays(client: Client, engagements: list[Engagement]) -> None:
    edit(client, engagements[0], slug="other")
    engagements[0].refresh_from_db()
    assert engagements[0].slug == "delivery-times"


def test_edit__two_languages_and_two_wordings__are_all_kept(client: Client, engagements: list[Engagement]) -> None:
    german = {
        "A-de-title": "Lieferzeit",
        "A-de-body": "Zwei Tage.",
        "B-de-title": "Wie lange?",
        "B-title": "",
        "B-en-title": "How long?",
    }
    edit(client, engagements[0], **german, wordings="A,B", languages="en,de", **{"B-share": "30"}, publish="1")
    engagements[0].refresh_from_db()
    assert words_of(engagements[0], "de-at") == Words("Lieferzeit", "Zwei Tage.")
    assert words_of(engagements[0], "de", "B") == Words("Wie lange?")
    assert [(one.name, one.share) for one in wordings_of(engagements[0])] == [("A", 70), ("B", 30)]
    page = client.get(url("edit", engagements[0])).content.decode()
    assert "Wie lange?" in page
    assert ">missing<" not in page


def test_edit__wording_removed__is_gone_even_if_it_is_wrong(client: Client, engagements: list[Engagement]) -> None:
    gone = {"wordings": "A,B", "languages": "en", "B-share": "0", "B-remove": "on"}
    assert edit(client, engagements[0], **gone).status_code == 302
    assert engagements[0].versions.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"languages": "en,de", "A-de-body": "Nur Text"}, "leave this language empty"),
        ({"wordings": "A,B,C", "B-share": "60", "C-share": "40", "B-en-title": "b", "C-en-title": "c"}, "shares are 100"),
        ({"wordings": "A,B", "B-share": "30"}, "required"),
        ({"starts_at": "2026-12-02T00:00", "ends_at": "2026-12-01T00:00"}, "end after the start"),
    ],
)
def test_edit__wrong__says_what_and_keeps_nothing(
    client: Client, engagements: list[Engagement], typed: dict[str, str], said: str
) -> None:
    response = edit(client, engagements[0], **typed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not engagements[0].versions.exists()


def test_edit__a_wording_and_a_language_more__places_to_type_in_and_nothing_saved(
    client: Client, engagements: list[Engagement], settings: Any
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("en", "de", "fr", "it", "es", "nl", "pl")]
    page = edit(client, engagements[0], title="Typed", **{"add-wording": "1"}).content.decode()
    assert ('name="B-en-title"' in page, 'value="Typed"' in page, "A-fr-title" in page) == (True, True, False)
    page = edit(client, engagements[0], language="fr", **{"add-language": "1"}).content.decode()
    assert ('name="A-fr-title"' in page, "A-it-title" in page) == (True, False)
    assert not engagements[0].versions.exists()


def test_edit__somebody_saved_meanwhile__is_told_and_nothing_is_lost(client: Client, engagements: list[Engagement]) -> None:
    edit(client, engagements[0], title="Mine")
    response = edit(client, engagements[0], title="Theirs", base="1")
    assert response.status_code == 409
    assert 'value="Theirs"' in response.content.decode()
    assert engagements[0].versions.count() == 2


def test_switch__off_and_on_again__shoppers_lose_and_get_it(client: Client, engagements: list[Engagement]) -> None:
    client.post(url("switch", engagements[0]))
    assert "delivery-times" not in active_engagements(now=timezone.now())
    client.post(url("switch", engagements[0]), {"on": "1"})
    forget_engagements()
    assert "delivery-times" in active_engagements(now=timezone.now())


def test_approval__writer_and_publisher__asked_sent_back_asked_published(
    client_of: Callable[[str], Client], engagements: list[Engagement]
) -> None:
    writer = client_of("staff")
    user = get_user_model().objects.get(username="staff")
    user.groups.add(Group.objects.get(name="Engage rule writers"))
    edit(writer, engagements[0], title="Better", publish="1")
    assert writer.post(url("publish", engagements[0])).status_code == 403
    writer.post(url("ask", engagements[0]))
    publisher = client_of("merchandiser")
    assert "waits for approval" in publisher.get(reverse(LIST)).content.decode()
    publisher.post(url("send-back", engagements[0]), {"comment": "Too long."})
    assert "Too long." in writer.get(url("edit", engagements[0])).content.decode()
    writer.post(url("ask", engagements[0]))
    assert title_of(engagements[0]) == "Delivery Times"
    publisher.post(url("publish", engagements[0]), {"number": "1"})
    assert title_of(engagements[0]) == "Delivery Times"
    publisher.post(url("publish", engagements[0]), {"number": "2"})
    assert title_of(engagements[0]) == "Better"


def test_approval__second_pair_of_eyes_wanted__the_author_cannot_publish(
    client: Client, client_of: Callable[[str], Client], engagements: list[Engagement], settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ENGAGEMENTS_BY_TWO": True}
    edit(client, engagements[0], title="Better", publish="1")
    client.post(url("publish", engagements[0]))
    assert title_of(engagements[0]) == "Delivery Times"
    assert "second pair of eyes" in client.get(url("edit", engagements[0])).content.decode()
    client_of("superuser").post(url("publish", engagements[0]))
    assert title_of(engagements[0]) == "Better"


def test_history__versions__are_compared_and_come_back(client: Client, engagements: list[Engagement]) -> None:
    edit(client, engagements[0], title="Second", publish="1")
    edit(client, engagements[0], title="Third")
    page = client.get(url("history", engagements[0])).content.decode()
    assert "<del>Second</del>" in page
    assert "<ins>Third</ins>" in page
    assert "published version 2" in page
    client.post(url("roll-back", engagements[0]), {"number": "1", "history": "1"})
    newest = engagements[0].versions.order_by("-number").first()
    assert newest is not None
    assert (newest.number, newest.document["title"], title_of(engagements[0])) == (4, "Delivery Times", "Second")
    client.post(url("roll-back", engagements[0]), {"number": "99"})
    assert engagements[0].versions.count() == 4


def test_figures__by_wording__count_since_the_words_are_live(
    client: Client, rule: Rule, visit: Visit, engagements: list[Engagement]
) -> None:
    edit(client, engagements[0], wordings="A,B", languages="en", publish="1", **{"B-share": "40", "B-en-title": "How long?"})
    published = Engagement.objects.get(pk=engagements[0].pk).published_at
    assert published is not None
    for variant, at, outcomes in (
        ("A", published, {"seen_at": NOW}),
        ("B", published, {"seen_at": NOW, "accepted_at": NOW}),
        ("", published - timedelta(days=1), {"seen_at": NOW, "dismissed_at": NOW}),
    ):
        Decision.objects.create(
            visitor_id=visit.visitor_id,
            visit=visit,
            version=rule.published,
            branch=0,
            action="show.balloon",
            engagement="delivery-times",
            variant=variant,
            arm="treated",
            reason="offered",
            eligible_at=at,
            offered_at=at,
            **outcomes,
        )
    stored = Engagement.objects.get(pk=engagements[0].pk)
    lines = [(one.name, one.share, one.offered, one.seen, one.accepted) for one in read_figures(stored, since=published)]
    assert lines == [("A", 60, 1, 1, 0), ("B", 40, 1, 1, 1)]
    assert [one.offered for one in read_figures(stored, since=None)] == [2, 1]
    assert "How long?" in client.get(url("figures", engagements[0])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list__one_or_three__as_many_queries(
    client: Client, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        made = Engagement(slug=f"e{number}", widget="note", title="Words")
        save_draft(made, user=None, now=NOW)
        publish(made, user=None, now=NOW)
    client.get(reverse(LIST))
    with django_assert_num_queries(10):
        client.get(reverse(LIST))


def test_list__times_and_languages__are_told(client: Client) -> None:
    for slug, times in (("sale", {"starts_at": datetime(2100, 1, 1, tzinfo=UTC)}), ("old", {"ends_at": NOW})):
        Engagement.objects.create(slug=slug, widget="note", title=slug, **times)
    page = client.get(reverse(LIST)).content.decode()
    for words in ("from 01/01/2100", "over since", "not yet in Deutsch"):
        assert words in page


def test_list__nothing_yet__says_what_to_do(client: Client) -> None:
    assert "Create the first engagement" in client.get(reverse("engage_dashboard:engage-engagements")).content.decode()


def test_list__each_engagement__names_its_widget_as_the_form_does(client: Client, engagements: list[Engagement]) -> None:
    Engagement.objects.create(slug="gone", widget="carousel", title="Of an app that was removed")
    page = client.get(reverse("engage_dashboard:engage-engagements")).content.decode()
    for words in ("<td>Balloon</td>", "<td>Chat invitation</td>", "<td>carousel</td>"):
        assert words in page
