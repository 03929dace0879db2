"""Can the privacy officer find a person, see what is kept, hand it out and erase it, without JavaScript?"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import Conversation
from oscar_engage.jobs import purge
from oscar_engage.jobs.run import run_due
from oscar_engage.models import AuditEntry, Erasure, Visitor
from oscar_engage.visitors.models import Visit
from tests.storefront.shopping import text_of

PAGE = "/dashboard/engage/privacy/"
LINK = re.compile(rf'href="{PAGE}([a-z]+-[^"/]+)/"')


@pytest.fixture
def officer(client_of: Callable[[str], Client]) -> Client:
    return client_of("privacy officer")


@pytest.fixture
def ada(note: Conversation, visit: Visit) -> Any:
    user = get_user_model().objects.create_user("ada", "ada@example.com")
    Visitor.objects.filter(pk=visit.visitor_id).update(customer=user)
    Conversation.objects.filter(pk=note.pk).update(email="Ada@Example.com", name="Ada")
    return user


def search(client: Client, text: str) -> list[str]:
    response = client.post(PAGE, {"text": text})
    assert response.status_code == 200
    return LINK.findall(text_of(response))


def test_search__by_each_way_to_say_it__finds_the_person(officer: Client, ada: Any, note: Conversation, visit: Visit) -> None:
    customer, visitor, address = f"customer-{ada.pk}", f"visitor-{visit.visitor_id.hex}", f"address-{note.reference}"

    assert search(officer, " ADA@example.com ") == [customer, address, visitor]
    assert search(officer, str(ada.pk)) == [customer]
    assert search(officer, str(visit.visitor_id)) == [visitor]
    assert search(officer, note.reference.lower()) == [customer, visitor, address]


def test_search__conversation_of_somebody_without_an_account__finds_the_browser_alone(
    officer: Client, note: Conversation
) -> None:
    assert search(officer, note.reference) == [f"visitor-{note.visitor_id.hex}"]


def test_search__nobody__says_what_to_try_next(officer: Client) -> None:
    for text in ("nobody@example.com", "4711", "00000000-0000-0000-0000-000000000000", "ABCD-EFGH"):
        assert "ask for the reference of a conversation" in text_of(officer.post(PAGE, {"text": text}))


def test_search__nothing_typed__says_so(officer: Client) -> None:
    assert officer.post(PAGE, {"text": ""}).status_code == 422
    assert "Nobody has been erased yet" in text_of(officer.get(PAGE))


def test_search__what_was_looked_for__stands_in_no_address(officer: Client, ada: Any) -> None:
    assert "example" not in " ".join(LINK.findall(text_of(officer.post(PAGE, {"text": "ada@example.com"})))).lower()


def test_person__each_handle__shows_what_is_kept(officer: Client, ada: Any, note: Conversation) -> None:
    shown = text_of(officer.get(f"{PAGE}customer-{ada.pk}/"))
    assert all(words in shown for words in ("ada@example.com", "notes and chats", "browsers", "is deleted", "Erase for good"))

    assert "Ada@Example.com" in text_of(officer.get(f"{PAGE}address-{note.reference}/"))
    assert note.visitor_id.hex[:8] in text_of(officer.get(f"{PAGE}visitor-{note.visitor_id.hex}/"))


def test_person__account_gone_from_the_shop__is_found_by_its_number(officer: Client, ada: Any) -> None:
    number = ada.pk
    get_user_model().objects.filter(pk=number).delete()

    assert "no account any more" in text_of(officer.get(f"{PAGE}customer-{number}/"))


def test_person__nothing_is_kept__says_so_and_offers_no_button(officer: Client) -> None:
    shown = text_of(officer.get(f"{PAGE}customer-4711/"))
    assert "Nothing is kept about this person" in shown
    assert "Erase for good" not in shown


@pytest.mark.parametrize("handle", ["visitor-x", "customer-x", "address-", "somebody-7", "nonsense"])
def test_person__handle_that_is_none__is_not_found(officer: Client, handle: str) -> None:
    assert officer.get(f"{PAGE}{handle}/").status_code == 404


def test_person__who_may_only_look__is_offered_no_erasure(client_of: Callable[[str], Client], ada: Any) -> None:
    client = client_of("privacy officer")
    group = get_user_model().objects.get(username="privacy officer").groups.get()
    group.permissions.remove(group.permissions.get(codename="change_erasure"))

    assert "Erase for good" not in text_of(client.get(f"{PAGE}customer-{ada.pk}/"))
    assert client.post(f"{PAGE}customer-{ada.pk}/erase/", {"is_checked": "on"}).status_code == 403


def test_export__pressed__is_a_file_that_no_cache_keeps(officer: Client, ada: Any) -> None:
    response = officer.post(f"{PAGE}customer-{ada.pk}/export/")

    assert response["Content-Disposition"].startswith('attachment; filename="engage-export-')
    assert (response["Cache-Control"], response["Content-Type"]) == ("private, no-store", "application/json")
    assert json.loads(response.content)["about"]["emails"] == ["ada@example.com"]
    entry = AuditEntry.objects.get(action="person.exported")
    assert entry.actor == get_user_model().objects.get(username="privacy officer")
    assert officer.get(f"{PAGE}customer-{ada.pk}/export/").status_code == 405


def test_erase__not_confirmed__erases_nothing_and_says_why(officer: Client, ada: Any) -> None:
    response = officer.post(f"{PAGE}customer-{ada.pk}/erase/")

    assert response.status_code == 422
    assert "Tick the box" in text_of(response)
    assert Conversation.objects.exists()


def test_erase__confirmed__is_done_at_once_and_says_what_is_gone(officer: Client, ada: Any) -> None:
    response = officer.post(f"{PAGE}customer-{ada.pk}/erase/", {"is_checked": "on"}, follow=True)

    shown = text_of(response)
    assert all(words in shown for words in ("The data is erased.", "a last look found nothing more", "notes and chats"))
    assert not Conversation.objects.exists()
    assert not Visitor.objects.exists()
    assert "Ada" not in shown
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["person.erasure_begun", "person.erased"]
    assert "Of whom, nobody can see any more" in text_of(officer.get(PAGE))


def test_erase__much_data__shows_its_progress_until_it_is_done(
    officer: Client, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "CHUNK", 1)
    response = officer.post(f"{PAGE}customer-{ada.pk}/erase/", {"is_checked": "on"}, follow=True)

    shown = text_of(response)
    address = f"{PAGE}erasures/{Erasure.objects.get().pk}/"
    assert all(words in shown for words in ("The erasure has begun.", "2 rows are left.", 'hx-trigger="every 3s"'))
    assert "going on" in text_of(officer.get(PAGE))

    run_due(now=timezone.now())

    part = text_of(officer.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "finished" in part


def test_erasure__no_worker_about__says_what_to_do(officer: Client) -> None:
    erasure = Erasure.objects.create(origin="request", begun_at=timezone.now())
    assert "engage_tick" in text_of(officer.get(f"{PAGE}erasures/{erasure.pk}/"))


def test_erasure__found_nothing__says_so(officer: Client) -> None:
    officer.post(f"{PAGE}customer-4711/erase/", {"is_checked": "on"})
    assert "There was nothing to erase." in text_of(officer.get(f"{PAGE}erasures/{Erasure.objects.get().pk}/"))
