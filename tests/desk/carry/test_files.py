"""Do files come in checked, lie under random names, and go with their message?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from oscar_engage.desk.access import Owner
from oscar_engage.desk.carry import files as carrying
from oscar_engage.desk.carry.access import (
    access_attachment_for_agent,
    access_attachment_of_conversation,
    access_attachment_of_owner,
)
from oscar_engage.desk.carry.files import FILES_PER_HOUR, CheckedFile, attach, check_files, clean_name, kept
from oscar_engage.desk.carry.filetype import Refusal, RefusedFileError
from oscar_engage.desk.carry.load import Load
from oscar_engage.desk.carry.models import Attachment
from oscar_engage.desk.carry.show import with_carried
from oscar_engage.desk.carry.storage import open_file, read_base64, walk
from oscar_engage.desk.carry.sweep import sweep_files
from oscar_engage.desk.erase import delete_conversations
from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import ConversationClosedError, post_message
from oscar_engage.desk.purge import purge_transcripts
from oscar_engage.desk.take import close, take
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import erase_some
from oscar_engage.privacy.export import export_person
from tests.desk.carry.contents import PDF, SECRET, picture

pytestmark = pytest.mark.django_db

Committed = Callable[..., Any]


class Unread:
    """A file whose size is known and that nobody may read."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size

    def read(self) -> bytes:
        raise AssertionError("it was read")


def upload(name: str = "photo.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("JPEG") if content is None else content)


def send(
    conversation: Conversation, *uploads: SimpleUploadedFile, now: datetime, body: str = "", client_id: uuid.UUID | None = None
) -> Message:
    with kept(check_files(uploads), now=now) as files:
        said = {"role": Role.SHOPPER, "body": body, "client_id": client_id or uuid.uuid4()}
        return post_message(conversation, now=now, load=Load(files=files), **said)


def test_check_files__photo__is_kept_without_what_stands_beside_it() -> None:
    (checked,) = check_files([upload(content=picture("JPEG", secret=SECRET))])

    assert (checked.name, checked.kind) == ("photo.jpg", "jpeg")
    assert SECRET not in checked.content


def test_check_files__document_and_text__are_kept_byte_by_byte() -> None:
    files = check_files([upload("a.pdf", PDF), upload("b.txt", b"Hello")])

    assert [file.content for file in files] == [PDF, b"Hello"]


def test_check_files__larger_than_allowed__is_refused_before_it_is_read(engage: Callable[..., None]) -> None:
    engage(ATTACHMENT_MB=1)
    huge = Unread("a.txt", size=1024 * 1024 + 1)

    with pytest.raises(RefusedFileError) as refused:
        check_files([huge])

    assert refused.value.reason is Refusal.SIZE


def test_check_files__more_than_a_message_takes__are_refused() -> None:
    with pytest.raises(RefusedFileError) as refused:
        check_files([upload(f"{number}.jpg") for number in range(4)])

    assert refused.value.reason is Refusal.NUMBER


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\bill.pdf", "bill.pdf"),
        ("bill\x00\u202efdp.pdf", "billfdp.pdf"),
        (" .hidden.txt", "hidden.txt"),
        ("a" * 300 + ".jpeg", "a" * 95 + ".jpeg"),
        ("", ""),
    ],
)
def test_clean_name__whatever_was_sent__is_a_name_for_people(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_post_message__file_without_words__is_a_message(chat: Conversation, now: datetime) -> None:
    message = send(chat, upload(), upload("bill.pdf", PDF), now=now)

    (shown,) = with_carried([Message.objects.get(pk=message.pk)], None)  # type: ignore[arg-type]  # no card, so nobody looks
    assert (message.body, message.files) == ("", 2)
    assert [file.name for file in shown.carried.files] == ["photo.jpg", "bill.pdf"]  # type: ignore[union-attr]  # it has files


@pytest.mark.attack("A16")
def test_kept__files__lie_under_random_names_without_the_senders_words(chat: Conversation, now: datetime) -> None:
    send(chat, upload("my-bank-card.txt", b"Hello"), now=now)

    attachment = Attachment.objects.get()
    assert attachment.path.startswith("oscar_engage/2026-05/")
    assert len(attachment.path.rpartition("/")[2]) == len(attachment.public_id) == 24
    assert "card" not in attachment.path
    assert attachment.path.rpartition("/")[2] != attachment.public_id
    assert open_file(attachment.path).read() == b"Hello"


def test_kept__message_refused__leaves_no_file(chat: Conversation, now: datetime) -> None:
    close(chat, now=now)

    with pytest.raises(ConversationClosedError):
        send(chat, upload(), now=now)

    assert list(walk()) == []


def test_kept__message_repeated__keeps_the_files_of_the_first(chat: Conversation, now: datetime) -> None:
    client_id = uuid.uuid4()
    first = send(chat, upload(), now=now, client_id=client_id)
    again = send(chat, upload(), now=now, client_id=client_id)

    assert first == again
    assert list(walk()) == [Attachment.objects.get().path]


def test_open_conversation__with_a_file__has_it_in_the_question(make_visitor: Callable[[], Any], now: datetime) -> None:
    with kept(check_files([upload()]), now=now) as files:
        note = open_conversation("note", visitor_id=make_visitor().pk, body="Broken", now=now, load=Load(files=files))  # type: ignore[arg-type]  # the kind's value

    assert note.messages.get().attachments.count() == 1


def test_attach__to_a_message_that_is_there__is_counted(chat: Conversation, now: datetime) -> None:
    message = chat.messages.get()
    with kept((CheckedFile(name="a.txt", kind="text", content=b"Hello"),), now=now) as files:
        rows = attach(message, files)

    assert [(row.name, row.size) for row in rows] == [("a.txt", 5)]
    assert Message.objects.get(pk=message.pk).files == 1
    assert attach(message, ()) == []


def test_check_flood__more_than_anybody_shows_in_an_hour__is_refused_and_left_nowhere(
    chat: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "FILES_PER_HOUR", 2)
    send(chat, upload(), upload("b.txt", b"x"), now=now)

    with pytest.raises(TooManyError):
        send(chat, upload("c.txt", b"x"), now=now + timedelta(minutes=59))
    assert len(list(walk())) == 2
    send(chat, upload("c.txt", b"x"), now=now + timedelta(minutes=61))
    assert FILES_PER_HOUR == 10


def test_agent__sends_files__as_many_as_needed(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    for number in range(FILES_PER_HOUR + 1):
        with kept(check_files([upload(f"{number}.txt", b"x")]), now=now) as files:
            said = {"role": Role.AGENT, "agent": agent, "body": "", "client_id": uuid.uuid4()}
            post_message(chat, now=now, load=Load(files=files), **said)  # type: ignore[arg-type]  # keywords of several types

    assert Attachment.objects.count() == FILES_PER_HOUR + 1


def test_conversation_deleted__its_files_go_once_that_is_certain(
    chat: Conversation, now: datetime, django_capture_on_commit_callbacks: Committed
) -> None:
    send(chat, upload(), now=now)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        delete_conversations(Conversation.objects.filter(pk=chat.pk), now=now)
        assert len(list(walk())) == 1
    assert callbacks
    assert list(walk()) == []


def test_purge__transcripts_of_long_ago__takes_their_files_along(
    chat: Conversation, now: datetime, django_capture_on_commit_callbacks: Committed
) -> None:
    send(chat, upload(), now=now)
    with django_capture_on_commit_callbacks(execute=True):
        purge_transcripts({}, now=now + timedelta(days=400))

    assert not Attachment.objects.exists()
    assert list(walk()) == []


def test_person__asks_for_their_data__gets_the_file_and_has_it_erased(
    chat: Conversation, now: datetime, django_capture_on_commit_callbacks: Committed
) -> None:
    send(chat, upload("a.txt", b"Hello"), now=now)
    person = make_person(visitor_ids=[chat.visitor_id])

    document = export_person(person, actor=None, now=now)
    assert '"content_base64": "SGVsbG8="' in document
    with django_capture_on_commit_callbacks(execute=True):
        erase_some(person, most=1000, now=now)
    assert list(walk()) == []


def test_read_base64__file_lost__is_an_empty_text() -> None:
    assert read_base64("oscar_engage/2026-05/gone") == ""


def test_sweep__files_of_no_message__go_after_a_day_and_nothing_else_does(
    chat: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storages["engage"]
    message = send(chat, upload(), now=now)
    path = message.attachments.get().path
    for name in ("oscar_engage/2026-05/orphan", "other/file"):
        storage.save(name, upload("x.txt", b"x"))
    written = storage.get_modified_time(path)

    sweep_files({}, now=written + timedelta(hours=23))
    assert set(walk()) == {path, "oscar_engage/2026-05/orphan"}
    sweep_files({}, now=written + timedelta(hours=25))
    assert set(walk()) == {path}
    assert storage.exists("other/file")


def test_sweep__no_storage_or_nothing_in_it__does_nothing(engage: Callable[..., None], now: datetime) -> None:
    sweep_files({}, now=now)
    engage(ATTACHMENT_STORAGE="")
    sweep_files({}, now=now)


@pytest.mark.attack("B05")
def test_access__foreign_unknown_and_nobodys__are_the_same(
    chat: Conversation, make_chat: Callable[[], Conversation], now: datetime, django_user_model: Any
) -> None:
    public_id, other = send(chat, upload(), now=now).attachments.get().public_id, make_chat()
    assert access_attachment_of_owner(Owner(visitor_id=chat.visitor_id), public_id).name == "photo.jpg"
    assert access_attachment_of_conversation(chat, public_id).name == "photo.jpg"
    refused: list[Callable[[], Any]] = [
        lambda: access_attachment_of_owner(Owner(visitor_id=other.visitor_id), public_id),
        lambda: access_attachment_of_owner(Owner(), public_id),
        lambda: access_attachment_of_owner(Owner(visitor_id=chat.visitor_id), "x" * 24),
        lambda: access_attachment_of_conversation(other, public_id),
        lambda: access_attachment_for_agent(django_user_model.objects.create_user(username="no"), public_id),
    ]
    for access in refused:
        with pytest.raises(Attachment.DoesNotExist):
            access()
