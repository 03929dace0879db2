"""Is a copy kept once, small, shown as a document, and gone before its question?"""

import random
import uuid
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from oscar_engage.conf import InvalidSettingError, get_settings
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.pages.grammar import RefusedSnapshotError
from oscar_engage.desk.pages.keep import LARGEST_KEPT, keep_snapshot
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.desk.pages.purge import KIND
from oscar_engage.desk.pages.read import PageFacts, document_of, page_facts_of
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.run import run_due
from tests.desk.pages.snapshots import sent

pytestmark = pytest.mark.django_db


def test_keep_snapshot__twice__is_kept_once_and_compressed(note: Conversation, now: datetime) -> None:
    html = "<div>" + "<p>Two to four days</p>" * 500 + "</div>"
    keep_snapshot(note, sent(html), now=now)
    keep_snapshot(note, sent("<p>another</p>"), now=now)

    kept = PageSnapshot.objects.get()
    assert (kept.size, kept.width, kept.height, kept.scroll_y, kept.pin) == (len(html), 1280, 900, 120, [10, 20, 30, 40])
    assert len(bytes(kept.html)) < len(html) / 10
    assert "Two to four days" in document_of(kept, pin_style="/p.css")
    assert page_facts_of(note) == PageFacts(1280, 900, now, has_pin=True)


def test_keep_snapshot__foreign_stylesheet__is_left_out(note: Conversation, now: datetime) -> None:
    keep_snapshot(note, sent(styles=["https://evil.example/a.css", "//evil.example/b.css", "/static/shop.css"]), now=now)

    document = document_of(PageSnapshot.objects.get(), pin_style="/pin.css")
    assert document.count("<link") == 2
    assert "evil" not in document


@pytest.mark.attack("I07")
def test_keep_snapshot__too_large_once_compressed__is_refused(note: Conversation, now: datetime) -> None:
    noise = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789 ", k=LARGEST_KEPT * 2))
    with pytest.raises(RefusedSnapshotError):
        keep_snapshot(note, sent(f"<p>{noise}</p>"), now=now)
    assert not PageSnapshot.objects.exists()


def test_document_of__title_with_markup__is_escaped(note: Conversation, now: datetime) -> None:
    note.page_title, note.language = "<script>", 'de"><script>'
    note.save()
    keep_snapshot(note, sent(), now=now)

    assert "<script" not in document_of(PageSnapshot.objects.get(), pin_style="/p.css")


def test_page_facts_of__chat_and_note_without_one__are_none(chat: Conversation, note: Conversation) -> None:
    assert page_facts_of(chat) is None
    assert page_facts_of(note) is None


def test_purge__copies_older_than_is_kept__go_and_their_questions_stay(note: Conversation, now: datetime) -> None:
    keep_snapshot(note, sent(), now=now)
    for days, left in ((30, 1), (31, 0)):
        at = now + timedelta(days=days)
        enqueue(KIND, key=f"test:{uuid.uuid4()}", now=at)
        run_due(now=at)
        assert PageSnapshot.objects.count() == left
    assert Conversation.objects.filter(pk=note.pk).exists()


def test_setting__shorter_than_transcripts__is_a_must() -> None:
    assert get_settings().snapshot_retention_days == 30
    with (
        override_settings(OSCAR_ENGAGE={"SNAPSHOT_RETENTION_DAYS": 400}),
        pytest.raises(InvalidSettingError, match="TRANSCRIPT"),
    ):
        get_settings()
    for wrong, told in (({"SNAPSHOT_RETENTION_DAYS": 400}, "TRANSCRIPT"), ({"SNAPSHOT_PAGES": ["account"]}, "basket")):
        with override_settings(OSCAR_ENGAGE=wrong), pytest.raises(InvalidSettingError, match=told):
            get_settings()
