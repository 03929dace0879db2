"""Does the desk keep notes, whispers and lookers-on of several chats apart, and do the others stand after handing one on?"""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.models import Watching
from oscar_engage.visitors.models import Visit
from tests.dashboard.test_console import HTMX, sent_by, sent_by_news, shown_in, taken, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    client = client_of("agent")
    client.post(url("presence"), {"presence": "online"})
    return client


@pytest.fixture
def boss(client_of: Callable[[str], Client]) -> Client:
    boss = client_of("supervisor")
    boss.post(url("presence"), {"presence": "online"})
    return boss


def part(page: str, opening: str, closing: str = "</div>") -> str:
    """Return what stands in ``page`` from the element that begins so."""
    assert opening in page, opening
    return page.partition(opening)[2].partition(closing)[0]


def at_desk(*beside: Conversation, **more: str) -> dict[str, Any]:
    return {"console": "1", "shown": [one.public_id for one in beside], **more}


def test_note__from_a_card__comes_back_with_the_cards_own_ids(client: Client, visit: Visit) -> None:
    own = taken(client, visit)
    page = text(client.post(url("conversation-notes", own.public_id), at_desk(own, note="Regular"), headers=HTMX))
    assert f'id="engage-note-form-{own.public_id}"' in page
    assert f'name="notes" value="{own.public_id}:{InternalNote.objects.get().pk}"' in page
    assert "every 3s" not in page
    plain = client.post(url("conversation-notes", own.public_id), at_desk(own, note="Again"))
    assert plain.headers["Location"] == f"{url('desk')}?open={own.public_id}&focus={own.public_id}"
    page = text(client.get(plain.headers["Location"]))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.index(" is here.") < page.index("<p>Regular") < page.index("<p>Again")


def test_news__a_note_by_a_colleague__comes_once_into_its_card(client: Client, boss: Client, visit: Visit) -> None:
    one, other = taken(client, visit), taken(client, visit)
    sent = sent_by(text(client.get(url("desk"))))
    sent["data"]["have"] = sent_by_news(client, sent)
    assert client.get(url("desk-news"), **sent).status_code == 204
    boss.post(url("conversation-notes", other.public_id), {"note": "Regular"})

    page = text(client.get(url("desk-news"), **sent))
    assert "Regular" in part(page, f'beforeend:#engage-transcript-{other.public_id}"', "</ol>")
    assert f"beforeend:#engage-transcript-{one.public_id}" not in page
    sent["data"]["notes"] = re.findall(r'name="notes" value="([^"]+)"', page)
    assert "Regular" not in text(client.get(url("desk-news"), {**sent["data"], "have": ""}, headers=HTMX))


def test_news__a_whisper__stands_out_and_marks_the_entry_until_it_is_answered(
    client: Client, boss: Client, visit: Visit
) -> None:
    own, other = taken(client, visit), taken(client, visit)
    page = text(client.get(url("desk"), {"open": own.public_id}))
    assert re.search(rf'role="status" id="engage-whispers-{own.public_id}"></div>', page)
    sent = sent_by(page)
    sent["data"]["have"] = sent_by_news(client, sent)
    for one in (own, other):
        boss.post(url("conversation-whisper", one.public_id), {"note": "Offer a voucher"})

    page = text(client.get(url("desk-news"), **sent))
    assert "Offer a voucher" in part(page, f'beforeend:#engage-whispers-{own.public_id}"')
    assert page.count("engage-badge-whisper") == 2  # also of the one that does not stand here
    whispered = text(client.get(url("desk")))
    assert re.search(r'data-engage-number="3"', whispered)  # a message not read and two whispers

    said = {"body": "A voucher?", "client_id": str(uuid.uuid4()), **at_desk(own)}
    answer = text(client.post(url("conversation-reply", own.public_id), said, headers=HTMX))
    assert f'innerHTML:#engage-whispers-{own.public_id}"></div>' in answer
    assert text(client.get(url("desk"))).count("engage-badge-whisper") == 1


def test_news__a_whisper_to_somebody_else__is_not_read_here(client: Client, boss: Client, visit: Visit) -> None:
    own = taken(client, visit)
    boss.post(url("conversation-whisper", own.public_id), {"note": "Offer a voucher"})
    InternalNote.objects.update(addressee=Agent.objects.get(display_name="Supervisor"))
    assert "Offer a voucher" not in text(client.get(url("desk")))
    assert "Offer a voucher" not in text(client.get(url("desk-news"), {"open": [f"{own.public_id}:0:"]}, headers=HTMX))


def test_looking_on__at_the_desk__is_told_and_renewed_by_each_poll_until_put_aside(
    client: Client, boss: Client, visit: Visit
) -> None:
    own = taken(client, visit)
    client.get(url("desk"))
    watching = boss.get(url("desk"), {"open": own.public_id})
    assert "The agent sees that." in text(watching)
    known = shown_in(text(client.get(url("desk"))))
    page = text(client.get(url("desk-news"), {"open": known}, headers=HTMX))
    assert "Looking on: Supervisor." in part(page, f'innerHTML:#engage-watchers-{own.public_id}"')

    sent = sent_by(text(watching))
    sent["data"]["have"] = sent_by_news(boss, sent)
    before = Watching.objects.get().until
    assert boss.get(url("desk-news"), **sent).status_code == 204  # nothing new, but not the fast way
    assert Watching.objects.get().until > before
    boss.post(url("aside", own.public_id), headers=HTMX)
    assert "Looking on" not in text(client.get(url("desk-news"), {"open": known}, headers=HTMX))


@pytest.mark.parametrize("number", [1, 3])
def test_news__queries__do_not_grow_with_cards_notes_and_lookers_on(
    number: int, client: Client, boss: Client, visit: Visit, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    own = [taken(client, visit) for _number in range(number)]
    for one in own:
        boss.post(url("conversation-whisper", one.public_id), {"note": "Psst"})
        boss.get(url("conversation", one.public_id))
    known = [f"{one.public_id}:0:" for one in own]
    client.get(url("desk-news"), {"open": known}, headers=HTMX)
    with django_assert_max_num_queries(25):
        page = text(client.get(url("desk-news"), {"open": known}, headers=HTMX))
    assert page.count('class="engage-whisper"') == page.count("Looking on: ") == number


# --- handing on


def hand_on(client: Client, one: Conversation, *beside: Conversation, to: str) -> Any:
    seen = f"open.{one.agent_id}."
    sent = at_desk(one, *beside, to=to, reason="Knows sizes", seen=seen)
    return client.post(url("conversation-transfer", one.public_id), sent)


def test_hand_on__at_the_desk__leaves_the_others_and_can_be_undone(client: Client, boss: Client, visit: Visit) -> None:
    one, other = taken(client, visit), taken(client, visit)
    beside = text(client.get(url("context", one.public_id)))
    assert 'name="console" value="1"' in part(beside, f'id="engage-hand-on-{one.public_id}"', "</form>")
    to = Agent.objects.get(display_name="Supervisor")
    response = hand_on(client, one, other, to=f"agent-{to.pk}")
    page = text(client.get(response.headers["Location"]))
    assert [known.partition(":")[0] for known in shown_in(page)] == [other.public_id]
    undo = part(page, 'class="engage-undo"', "</form>")
    fields = dict(re.findall(r'name="(to|seen|reason)" value="([^"]*)"', undo))
    response = client.post(url("conversation-transfer", one.public_id), at_desk(other, **fields))
    one.refresh_from_db()
    assert one.agent == Agent.objects.get(display_name="Agent")
    assert response.headers["Location"].startswith(
        f"{url('desk')}?open={other.public_id}&open={one.public_id}&focus={one.public_id}"
    )
    assert "engage-undo" not in text(client.get(response.headers["Location"]))


def test_hand_on__undo_of_what_is_not_to_be_seen__is_nothing(client: Client) -> None:
    assert "engage-undo" not in text(client.get(url("desk"), {"of": "absent", "handed": "open.1."}))


def test_conflict__at_the_desk__leads_back_to_it(client: Client, boss: Client, visit: Visit) -> None:
    one, other = taken(client, visit), taken(client, visit)
    boss.post(url("conversation-take-over", one.public_id), {"seen": f"open.{one.agent_id}."})
    response = hand_on(boss, one, other, to="queue-")
    assert response.status_code == 409
    way = f"{url('desk')}?open={other.public_id}&amp;open={one.public_id}&amp;focus={one.public_id}"
    assert f'href="{way}"' in text(response)


def test_take_over__at_the_desk__leads_back_to_it(client: Client, boss: Client, visit: Visit) -> None:
    one = taken(client, visit)
    response = boss.post(url("conversation-take-over", one.public_id), at_desk(one, seen=f"open.{one.agent_id}."))
    assert response.headers["Location"] == f"{url('desk')}?open={one.public_id}&focus={one.public_id}"


def test_move__at_the_desk__of_what_waits_leaves_the_others_and_can_be_undone(client: Client, note: Conversation) -> None:
    queue = Queue.objects.create(slug="returns", name="Returns")
    context = text(client.get(url("context", note.public_id)))
    seen = part(context, url("conversation-move", note.public_id), "</form>")
    sent = at_desk(note, queue=str(queue.pk), seen=re.findall(r'name="seen" value="([^"]*)"', seen)[0])
    response = client.post(url("conversation-move", note.public_id), sent)
    page = text(client.get(response.headers["Location"]))
    assert shown_in(page) == []
    fields = dict(re.findall(r'name="(queue|seen|undo)" value="([^"]*)"', part(page, 'class="engage-undo"', "</form>")))
    response = client.post(url("conversation-move", note.public_id), at_desk(**fields))
    note.refresh_from_db()
    assert note.queue is None
    assert response.headers["Location"] == f"{url('desk')}?open={note.public_id}&focus={note.public_id}"


# --- on the way to an answer


@pytest.mark.parametrize("do", ["insert", "find"])
def test_compose__at_the_desk_without_a_script__shows_the_card_beside_the_others(do: str, client: Client, visit: Visit) -> None:
    one, other = taken(client, visit), taken(client, visit)
    sent = {"console": "1", "do": do, "body": "Dear customer,", "find": "x"}
    page = text(client.post(url("conversation-compose", one.public_id), sent))
    assert {known.partition(":")[0] for known in shown_in(page)} == {one.public_id, other.public_id}
    assert "Dear customer," in part(page, f'id="id_body-{one.public_id}"', "</textarea>")
    assert "Dear customer," not in part(page, f'id="id_body-{other.public_id}"', "</textarea>")
    assert ("Nothing found." in page) is (do == "find")


def test_transcript__from_beside_a_card__leads_back_to_the_desk(client: Client, visit: Visit) -> None:
    own = taken(client, visit)
    Conversation.objects.filter(pk=own.pk).update(email="ada@example.com")
    assert url("conversation-transcript", own.public_id) in text(client.get(url("context", own.public_id)))
    response = client.post(url("conversation-transcript", own.public_id), at_desk(own))
    assert response.headers["Location"] == f"{url('desk')}?open={own.public_id}&focus={own.public_id}"


def test_note_delete__from_a_card__leads_back_to_the_desk(client: Client, boss: Client, visit: Visit) -> None:
    own = taken(client, visit)
    client.post(url("conversation-notes", own.public_id), {"note": "Rude"})
    response = boss.post(reverse("engage_dashboard:engage-note-delete", args=[InternalNote.objects.get().pk]), at_desk(own))
    assert response.headers["Location"] == f"{url('desk')}?open={own.public_id}&focus={own.public_id}"
