"""Can an agent practise on a page like the desk, see how it went, and does nobody else see it but supervisors?"""

import json
import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.practice.cards import parse_known
from oscar_engage.dashboard.practice.ready import first_name, is_made_of
from oscar_engage.desk.carry.canned import Ready
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.topics.store import create_usual_topics
from tests.desk.practice.answers import GOOD
from tests.desk.practice.test_shopper import SCRIPT

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-practice{name}", args=args)


def later(seconds: float) -> None:
    """Let time pass, while the page goes on asking."""
    back = timedelta(seconds=seconds)
    Practice.objects.filter(paused_at=None).update(started_at=F("started_at") - back)


@pytest.fixture
def mia(client_of: Callable[[str], Client]) -> Client:
    """An agent, signed in."""
    return client_of("agent")


@pytest.fixture
def other() -> Client:
    """A colleague with the same rights."""
    user = get_user_model().objects.create_user("noah", is_staff=True)
    user.groups.set(get_user_model().objects.get(username="agent").groups.all())
    client = Client()
    client.force_login(user)
    return client


def begin(client: Client, **chosen: object) -> Practice:
    asked = {"size": 1, "difficulty": "easy", "language": "en", **chosen}
    response = client.post(url("-begin"), asked)
    practice = Practice.objects.latest("pk")
    assert response.headers["Location"] == url("-sitting", practice.public_id)
    return practice


def chat_of(practice: Practice, place: int = 0) -> PracticeChat:
    return practice.chats.order_by("begins")[place]


def write(client: Client, chat: PracticeChat, body: str, **extra: object) -> str:
    posted = {"body": body, "client_id": uuid.uuid4(), "after": chat.last_seq, **extra}
    response = client.post(url("-line", chat.public_id), posted, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return str(response.content.decode())


def news(client: Client, practice: Practice, *known: str, have: str = "") -> str:
    response = client.get(url("-news", practice.public_id), {"open": known, "have": have}, headers={"HX-Request": "true"})
    return str(response.content.decode())


def play(client: Client, practice: Practice, *, answers: bool = True, topic: str = "") -> None:
    """Play a sitting with one shopper to its end."""
    later(3)
    news(client, practice)
    chat = chat_of(practice)
    for body in GOOD[chat.script] if answers else ():
        write(client, chat, body)
        later(15)
        news(client, practice)
    if not answers:
        for _patience in range(25):
            later(10)
            news(client, practice)
    client.post(url("-close", chat.public_id), {"topic": topic})


def test_own_page__nothing_yet__says_how_to_begin(mia: Client) -> None:
    page = mia.get(url("")).content.decode()
    assert "You have not practised yet" in page
    assert "Practice of all agents" not in page


@pytest.mark.parametrize(("language", "chosen"), [("en", "en"), ("de", "de"), ("fr", "de")])
def test_own_page__language__is_the_one_that_is_spoken_if_there_are_scripts(mia: Client, language: str, chosen: str) -> None:
    with translation.override(language):
        page = mia.get(url(""), headers={"Accept-Language": language}).content.decode()
    if language != "fr":
        assert f'<option value="{chosen}" selected>' in page


def test_begin__nonsense__is_said_at_its_field(mia: Client) -> None:
    response = mia.post(url("-begin"), {"size": 9, "language": "tlh"})
    assert response.status_code == 422
    assert not Practice.objects.exists()


def test_begin__nobody_so_hard__is_said(mia: Client) -> None:
    with SCRIPTS.only("gift.en", SCRIPT):
        response = mia.post(url("-begin"), {"size": 1, "language": "en", "difficulty": "hard"})
    assert "Choose a mixture" in response.content.decode()


def test_begin__real_shopper_waits__goes_first(mia: Client, chat: Conversation) -> None:
    mia.get(url(""))
    Agent.objects.update(presence="online", lease_until=timezone.now() + timedelta(minutes=1))
    response = mia.post(url("-begin"), {"size": 1, "language": "en", "difficulty": ""}, follow=True)
    assert "goes first" in response.content.decode()
    assert not Practice.objects.exists()


def test_begin__one_is_open__leads_there_and_own_page_offers_it(mia: Client) -> None:
    practice = begin(mia)
    assert begin(mia, size=3) == practice
    page = mia.get(url("")).content.decode()
    assert url("-sitting", practice.public_id) in page
    assert "You have not practised yet" not in page


def test_sitting__shopper_comes__with_words_and_what_is_known(mia: Client) -> None:
    practice = begin(mia)
    page = mia.get(url("-sitting", practice.public_id)).content.decode()
    assert "The first shopper comes in a moment" in page
    later(3)
    page = mia.get(url("-sitting", practice.public_id)).content.decode()
    script = SCRIPTS.get(chat_of(practice).script)
    for words in (script.shopper, script.who, "Looked up for you", "waits for you"):
        assert words in page
    assert "no-store" in mia.get(url("-sitting", practice.public_id)).headers["Cache-Control"]


def test_news__nothing_new__is_nothing(mia: Client) -> None:
    practice = begin(mia)
    later(3)
    page = news(mia, practice)
    assert 'hx-swap-oob="beforeend:#engage-cards"' in page
    mark = re.search(r'name="have" value="(\w+)"', page)
    assert mark
    known = re.search(r'name="open" value="([^"]+)"', page)
    assert known
    again = mia.get(url("-news", practice.public_id), {"open": known[1], "have": mark[1]})
    assert again.status_code == 204
    page = news(mia, practice, known[1])
    assert "data-role" not in page


def test_line__answer__stands_there_once_and_shopper_thanks(mia: Client) -> None:
    practice = begin(mia, difficulty="medium")
    later(3)
    news(mia, practice)
    chat = chat_of(practice)
    same = uuid.uuid4()
    page = write(mia, chat, "Hello, <b>Mia</b> here!", client_id=same)
    assert "Hello, &lt;b&gt;Mia&lt;/b&gt; here!" in page
    assert page.count('data-role="agent"') == 1
    write(mia, chat, "Hello, <b>Mia</b> here!", client_id=same)
    assert PracticeLine.objects.filter(move="").count() == 1


def test_line__written_by_somebody_online__keeps_them_from_being_sent_away(
    mia: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    practice = begin(mia)
    later(3)
    news(mia, practice)
    long_ago = timezone.now() - timedelta(hours=1)
    Agent.objects.update(presence="online", lease_until=timezone.now() + timedelta(minutes=1), active_at=long_ago)
    news(mia, practice)
    assert Agent.objects.get().active_at == long_ago
    with django_capture_on_commit_callbacks(execute=True):
        write(mia, chat_of(practice), "Hello!")
    assert Agent.objects.get().active_at != long_ago


def test_line__with_something_wrong__comes_back_with_its_text(mia: Client) -> None:
    practice = begin(mia)
    later(3)
    news(mia, practice)
    chat = chat_of(practice)
    assert "This field is required" in write(mia, chat, " ")
    assert "Type an answer" in write(mia, chat, "\u200b")
    mia.post(url("-pause", practice.public_id), {"do": "pause"})
    page = write(mia, chat, "Here I am")
    assert "The clock stands still" in page
    assert "Here I am</textarea>" in page


def test_line__without_htmx__is_a_plain_form(mia: Client) -> None:
    practice = begin(mia)
    later(3)
    news(mia, practice)
    chat = chat_of(practice)
    response = mia.post(url("-line", chat.public_id), {"body": "Hello!", "client_id": uuid.uuid4()})
    assert response.headers["Location"] == f"{url('-sitting', practice.public_id)}?focus={chat.public_id}"
    page = mia.post(url("-line", chat.public_id), {"body": "", "client_id": uuid.uuid4()}).content.decode()
    assert "This field is required" in page


def test_line__shopper_not_there_yet__is_nothing(mia: Client) -> None:
    chat = chat_of(begin(mia, size=2), 1)
    response = mia.post(url("-line", chat.public_id), {"body": "Hi", "client_id": uuid.uuid4()}, headers={"HX-Request": "true"})
    assert response.status_code == 204


def test_line__after_the_shopper_left__is_told(mia: Client) -> None:
    practice = begin(mia)
    later(3)
    news(mia, practice)
    chat = chat_of(practice)
    PracticeChat.objects.update(ended_as="lost")
    assert "The shopper has left" in write(mia, chat, "Hello?")


@pytest.mark.parametrize(("name", "greeted"), [("Mr Brandt", "Mr Brandt"), ("Ada Lovelace", "Ada"), ("Nora", "Nora"), ("", "")])
def test_first_name__form_of_address__stays_with_the_name(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


def test_ready_made_reply__filled_inserted_and_counted(mia: Client) -> None:
    CannedReply.objects.create(
        shortcut="spam",
        title="Spam",
        texts={"en": "Dear {{ customer.first_name }}, have a look at your spam folder. {{ order.number }}"},
    )
    CannedReply.objects.create(
        shortcut="other", title="Other", texts={"en": "x"}, queue=Queue.objects.create(slug="q", name="Q")
    )
    with SCRIPTS.only("password.en", SCRIPTS.get("password.en")):
        practice = begin(mia)
        later(3)
        news(mia, practice)
        chat = chat_of(practice)
        replies = json.loads(mia.get(url("-ready", chat.public_id)).content)["replies"]
        assert [one["shortcut"] for one in replies] == ["spam"]
        assert replies[0]["text"].startswith("Dear Ruth, have a look at your spam folder. ⟦")
        pk = CannedReply.objects.get(shortcut="spam").pk
        page = write(mia, chat, "Hello!", do="insert", canned=pk)
        assert "Hello!\n\nDear Ruth, have a look" in page
        assert "Dear Ruth" in write(mia, chat, "", do="insert", canned=pk)
        assert "Hello!</textarea>" in write(mia, chat, "Hello!", do="insert", canned="nonsense")
        plain = mia.post(url("-line", chat.public_id), {"do": "insert", "canned": pk, "body": ""}).content.decode()
        assert "Dear Ruth, have a look" in plain
        write(mia, chat, "Hello Ruth! Have a look at your spam folder. After five failures it is locked for 15 minutes.")
        write(mia, chat, replies[0]["text"])
        assert list(PracticeLine.objects.filter(move="").values_list("is_ready", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("text", "is_used"), [("x " * 9, False), ("We ship today, as you ordered early", True), ("⟦name⟧", False)]
)
def test_made_of__only_fixed_words_of_some_length_tell(text: str, is_used: bool) -> None:
    assert is_made_of("Hi! We ship today,  as you ordered early. x", [Ready("a", "A", text)]) is is_used


def test_about__as_fragment_and_without_htmx(mia: Client) -> None:
    practice = begin(mia)
    chat = chat_of(practice)
    fragment = mia.get(url("-about", chat.public_id), headers={"HX-Request": "true"}).content.decode()
    assert SCRIPTS.get(chat.script).lookup[0].partition(":")[0] in fragment
    assert mia.get(url("-about", chat.public_id)).status_code == 302
    PracticeChat.objects.update(script="gone.en")
    fragment = mia.get(url("-about", chat.public_id), headers={"HX-Request": "true"}).content.decode()
    assert "no longer" in fragment
    assert mia.get(url("-ready", chat.public_id)).status_code == 200


def test_pause__clock_stands_and_goes_on_unless_a_real_shopper_waits(mia: Client, chat: Conversation) -> None:
    practice = begin(mia)
    mia.post(url("-pause", practice.public_id), {"do": "pause"})
    page = mia.get(url("-sitting", practice.public_id)).content.decode()
    assert "Press “Go on”" in page
    Agent.objects.update(presence="online", lease_until=timezone.now() + timedelta(minutes=1))
    page = mia.post(url("-pause", practice.public_id), {"do": "go-on"}, follow=True).content.decode()
    assert "A real shopper waits for you" in page
    Agent.objects.update(presence="offline")
    mia.post(url("-pause", practice.public_id), {"do": "go-on"})
    assert Practice.objects.get().paused_at is None


def test_whole_sitting__well_answered__tells_what_was_found_and_shows_it_in_the_history(mia: Client) -> None:
    create_usual_topics()
    practice = begin(mia)
    topic = SCRIPTS.get(chat_of(practice).script).topic
    play(mia, practice, topic=topic)
    assert mia.get(url("-sitting", practice.public_id)).headers["Location"] == url("-result", practice.public_id)
    gone = mia.get(url("-news", practice.public_id))
    assert gone.headers["HX-Redirect"] == url("-result", practice.public_id)
    page = mia.get(url("-result", practice.public_id)).content.decode()
    for words in ("helped", "fits", "All was there, in time", "Take with you", "promised to real shoppers"):
        assert words in page
    assert "missed" not in page
    history = mia.get(url("")).content.decode()
    assert url("-result", practice.public_id) in history
    assert "From the first time to the last" not in history
    play(mia, begin(mia), topic=topic)
    assert "From the first time to the last" in mia.get(url("")).content.decode()


def test_whole_sitting__nobody_answered__says_what_helps_and_shames_nobody(mia: Client) -> None:
    create_usual_topics()
    practice = begin(mia)
    play(mia, practice, answers=False, topic="other")
    page = mia.get(url("-result", practice.public_id)).content.decode()
    for words in ("lost patience", "missed", "one short line", "fits better", "not kept" if practice.promise < 180 else "kept"):
        assert words in page


def test_close__without_a_topic_where_there_are_some__asks_for_it(mia: Client) -> None:
    create_usual_topics()
    practice = begin(mia)
    later(3)
    news(mia, practice)
    page = mia.post(url("-close", chat_of(practice).public_id), {}, follow=True).content.decode()
    assert "Choose what it was about" in page
    assert not chat_of(practice).is_wrapped


def advice_after(client: Client, **fields: object) -> str:
    practice = begin(client)
    play(client, practice)
    PracticeChat.objects.filter(practice=practice).update(**fields)
    return str(client.get(url("-result", practice.public_id)).content.decode())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slips": 1}, "better left unsaid"),
        ({"met": 1}, "read the question once more"),
        ({"first_response": 50.0}, "begin with a greeting"),
        ({"is_topic_right": False}, "Look at the topics"),
        ({"ended_as": "stopped"}, "nothing to tell yet"),
        ({"ended_as": "unhelped"}, "left without help"),
    ],
)
def test_advice__is_the_one_that_helps_most(mia: Client, fields: dict[str, object], words: str) -> None:
    assert words in advice_after(mia, **fields)


def test_stop__shows_what_there_is(mia: Client) -> None:
    practice = begin(mia)
    page = mia.post(url("-stop", practice.public_id), follow=True).content.decode()
    assert "There is nothing to tell yet" in page
    assert "stopped before anybody had left" in mia.get(url("")).content.decode()


def test_result__script_is_gone__still_says_what_was_missed(mia: Client) -> None:
    practice = begin(mia)
    play(mia, practice)
    with SCRIPTS.only("gift.en", SCRIPT):
        page = mia.get(url("-result", practice.public_id)).content.decode()
    assert "found" in page


def test_result__goes_on_still__leads_its_agent_back(mia: Client, client_of: Callable[[str], Client]) -> None:
    practice = begin(mia)
    assert mia.get(url("-result", practice.public_id)).headers["Location"] == url("-sitting", practice.public_id)
    assert client_of("supervisor").get(url("-result", practice.public_id)).status_code == 404


def test_colleague__sees_nothing_of_it(mia: Client, other: Client) -> None:
    practice = begin(mia)
    chat = chat_of(practice)
    for name, key in (("-sitting", practice), ("-news", practice), ("-about", chat), ("-ready", chat)):
        assert other.get(url(name, key.public_id)).status_code == 404
    for name, key in (("-pause", practice), ("-stop", practice), ("-line", chat), ("-close", chat)):
        assert other.post(url(name, key.public_id), {"body": "x"}).status_code == 404
    mia.post(url("-stop", practice.public_id))
    assert other.get(url("-result", practice.public_id)).status_code == 404
    assert other.get(url("-agents")).status_code == 403
    assert other.get(url("-agent", practice.agent_id)).status_code == 403


def test_supervisor__sees_who_practised_and_how__and_it_is_noted(mia: Client, client_of: Callable[[str], Client]) -> None:
    boss = client_of("supervisor")
    assert "Nobody has practised yet" in boss.get(url("-agents")).content.decode()
    practice = begin(mia)
    play(mia, practice)
    boss.get(url(""))
    page = boss.get(url("-agents")).content.decode()
    assert url("-agent", practice.agent_id) in page
    assert "Have not practised" in page
    assert not AuditEntry.objects.filter(action="practice.viewed").exists()
    assert url("-result", practice.public_id) in boss.get(url("-agent", practice.agent_id)).content.decode()
    assert "found" in boss.get(url("-result", practice.public_id)).content.decode()
    assert AuditEntry.objects.filter(action="practice.viewed", object_id=practice.agent_id).count() == 2
    own = Agent.objects.get(user__username="supervisor")
    assert "Has not practised yet" in boss.get(url("-agent", own.pk)).content.decode()
    assert AuditEntry.objects.filter(action="practice.viewed").count() == 2
    assert boss.get(url("-agent", 0)).status_code == 404
    assert "Practice of all agents" in boss.get(url("")).content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_news__queries__as_many_for_one_shopper_and_three(
    size: int, mia: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    practice = begin(mia, size=size, difficulty="")
    later(70)
    news(mia, practice)
    with django_assert_num_queries(17):
        news(mia, practice)


@pytest.mark.parametrize("times", [1, 3])
def test_pages__queries__as_many_for_one_sitting_and_three(
    times: int, mia: Client, client_of: Callable[[str], Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(times):
        practice = begin(mia)
        play(mia, practice)
    boss = client_of("supervisor")
    boss.get(url("-agents"))
    with django_assert_num_queries(11):
        mia.get(url(""))
    with django_assert_num_queries(10):
        boss.get(url("-agents"))
    with django_assert_num_queries(10):
        mia.get(url("-result", practice.public_id))


@pytest.mark.parametrize("text", ["a", "a:b", "a:12345678901:x", ":"])
def test_known__what_cannot_be_read__is_left_out(text: str) -> None:
    assert parse_known([text]) == {}


def test_answers__every_address__are_private_and_kept_by_nobody(mia: Client) -> None:
    practice = begin(mia)
    later(3)
    news(mia, practice)
    chat = chat_of(practice)
    asked = {"body": "Hello!", "client_id": uuid.uuid4()}
    answers = [
        *(mia.get(url(name, practice.public_id)) for name in ("-sitting", "-news", "-result")),
        *(mia.get(url(name, chat.public_id)) for name in ("-about", "-ready")),
        *(mia.post(url("-line", chat.public_id), asked), mia.post(url("-close", chat.public_id))),
        *(mia.post(url(name, practice.public_id)) for name in ("-pause", "-stop")),
        *(mia.get(url("-result", practice.public_id)), mia.get(url("")), mia.post(url("-begin"), {})),
    ]
    for answer in answers:
        assert answer.status_code in (200, 204, 302, 422), answer.request
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", ")), answer.request
