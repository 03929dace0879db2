"""Is a file of volumes taken only as a whole or by choice, and is each wrong line told?"""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from oscar_engage.analytics.volumes.decode import LARGEST
from oscar_engage.analytics.volumes.models import ContactVolume
from oscar_engage.desk.topics.models import Topic
from tests.attacks.payloads import XSS

pytestmark = pytest.mark.django_db
HEAD = "date;channel;topic;contacts;minutes\n"
RIGHT = HEAD + "2025-11-03;call;delivery;40;120,5\n04.11.2025;Telefon;Delivery;1.200;\n"


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    Topic.objects.create(slug="delivery", name="Delivery")
    return client_of("merchandiser")


def url(name: str) -> str:
    return reverse(f"engage_dashboard:engage-{name}")


def send(client: Client, text: str | bytes, **more: Any) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    return client.post(url("volumes-import"), {"file": SimpleUploadedFile("volumes.csv", raw), **more})


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode()))).replace("\xa0", " ")


def stored() -> dict[date, int]:
    return dict(ContactVolume.objects.order_by("day").values_list("day", "contacts"))


def handed_on(response: Any) -> str:
    found = re.search(r'<textarea name="rows"[^>]*>(.*?)</textarea>', response.content.decode(), re.DOTALL)
    assert found
    return unescape(found[1])


def test_import__all_right__is_stored_at_once(client: Client) -> None:
    response = send(client, RIGHT)
    assert response.status_code == 302
    assert stored() == {date(2025, 11, 3): 40, date(2025, 11, 4): 1200}
    assert "2 days are imported." in said(client.get(response["Location"]))


def test_import__one_wrong_line__stores_nothing_and_says_what_to_type(client: Client) -> None:
    response = send(client, RIGHT + "05/11/2025;call;;3;\n2025-11-06;fax;warranty;x;\n")
    page = said(response)
    assert response.status_code == 422
    assert "2 lines are wrong. Nothing is stored." in page
    assert "4 “05/11/2025” is no date that can be read without doubt. Type it as 2026-11-30 or 30.11.2026." in page
    assert "5 “fax” is no channel. Type note, chat, mail or call." in page
    assert "“warranty” is no topic of your desk. Leave the cell empty, or type one of these: Delivery." in page
    assert "“x” is no number of contacts." in page
    assert stored() == {}


def test_import__right_lines_taken_by_choice__are_stored(client: Client) -> None:
    response = send(client, RIGHT + "never;call;;3;\n")
    assert "Take the 2 right lines" in said(response)
    assert client.post(url("volumes-import"), {"rows": handed_on(response), "confirm": "1"}).status_code == 302
    assert len(stored()) == 2


def test_import__days_that_are_there__are_replaced_only_after_a_word(client: Client) -> None:
    send(client, RIGHT)
    response = send(client, HEAD + "2025-11-03;call;delivery;7;\n")
    page = said(response)
    assert "Every line is right. Nothing is stored yet." in page
    assert "1 of the days in the file was imported before, with 40 contacts." in page
    assert stored()[date(2025, 11, 3)] == 40
    again = client.post(url("volumes-import"), {"rows": handed_on(response), "confirm": "1"})
    assert stored()[date(2025, 11, 3)] == 7
    assert "1 of them was there and is replaced." in said(client.get(again["Location"]))


def test_import__rows_changed_on_the_way_back__are_checked_again(client: Client) -> None:
    response = client.post(url("volumes-import"), {"rows": HEAD + "2025-11-03;call;;-7;\n", "confirm": "1"})
    assert response.status_code == 422
    assert stored() == {}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is a workbook of a spreadsheet. Save it there as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00", "This is no text."),
        (b"x" * (LARGEST + 9), "The file has more than 1,000,000 bytes."),
        (b"day;amount\n1;2", "Missing: channel, contacts."),
        (HEAD.encode(), "There is nothing below the first line."),
    ],
)
def test_import__file_without_a_table__says_what_to_do(client: Client, raw: bytes, words: str) -> None:
    response = send(client, raw)
    assert response.status_code == 422
    assert words in said(response)


def test_import__without_a_file__asks_for_one(client: Client) -> None:
    assert "The file is empty." in said(client.post(url("volumes-import")))


@pytest.mark.parametrize("topic", [*XSS, "%(found)s %s %", '=cmd|"/c calc"!A0'])
def test_import__hostile_cell__is_shown_as_text(client: Client, topic: str) -> None:
    Topic.objects.create(slug="odd", name="100 % odd")
    cell = topic.replace('"', '""')
    response = send(client, f'{HEAD}2025-11-03;call;"{cell}";1;\n')
    assert response.status_code == 422
    assert "100 % odd" in said(response)
    assert not topic.startswith("<") or topic not in response.content.decode()


def test_import__names_without_topics__says_that_there_are_none(client: Client) -> None:
    Topic.objects.all().delete()
    assert "your desk has none yet" in said(send(client, HEAD + "2025-11-03;call;delivery;1;\n"))


def test_template__filled_in_as_it_is__can_be_imported(client: Client) -> None:
    template = client.get(url("volumes-template"))
    assert template["Content-Disposition"] == 'attachment; filename="contact-volumes.csv"'
    assert send(client, template.content.replace(b"2026-01-05", b"2025-01-05")).status_code == 302
    assert ContactVolume.objects.count() == 3


def test_delete__what_was_imported__is_gone(client: Client) -> None:
    send(client, RIGHT)
    client.post(url("volumes-delete"))
    assert stored() == {}
    client.post(url("volumes-delete"))


def test_import__without_the_permission__is_refused(client_of: Callable[[str], Client]) -> None:
    assert send(client_of("agent"), RIGHT).status_code == 403
    assert stored() == {}
