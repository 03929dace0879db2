"""Is what was written now kept, all of it, and what is quoted below left out?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.mailbox.quote import strip_quotes

GMAIL = "Yes, please.\n\nOn Mon, 4 May 2026 at 09:30, Shop <answers+x@shop.example> wrote:\n\n> Shall we?\n> Mia\n"
GMAIL_BROKEN = (
    "Yes, please.\n\nOn Mon, 4 May 2026 at 09:30, Shop <answers+abcdefghijklmnopq@shop.example>\nwrote:\n\n> Shall we?\n"
)
GMAIL_DE = "Ja, bitte.\n\nAm Mo., 4. Mai 2026 um 09:30 Uhr schrieb Shop <answers@shop.example>:\n\n> Sollen wir?\n"
APPLE = "Yes, please.\n\nSent from my iPhone\n\n> On 4 May 2026, at 09:30, Shop <a@shop.example> wrote:\n> \n> Shall we?\n"
APPLE_DE = (
    "Ja, bitte.\n\nVon meinem iPhone gesendet\n\n> Am 04.05.2026 um 09:30 schrieb Shop <a@shop.example>:\n> \n> Sollen wir?\n"
)
OUTLOOK = "Yes, please.\n\nFrom: Shop <a@shop.example>\nSent: Monday, 4 May 2026 09:30\nTo: Ada\nSubject: Y\n\nShall we?\n"
OUTLOOK_DE = "Ja, bitte.\n\nVon: Shop <a@shop.example>\nGesendet: Montag, 4. Mai 2026\nAn: Ada\nBetreff: I\n\nSollen wir?\n"
OUTLOOK_LINE = (
    "Yes, please.\n\n________________________________\nFrom: Shop <a@shop.example>\nSent: Monday\nTo: Ada\n\nShall we?\n"
)
OUTLOOK_OLD = "Yes, please.\n\n-----Original Message-----\nFrom: Shop\n\nShall we?\n"
OUTLOOK_OLD_DE = "Ja, bitte.\n\n-----Ursprüngliche Nachricht-----\nVon: Shop\n\nSollen wir?\n"
BOLD = "Yes, please.\n\n*From:* Shop <a@shop.example>\n*Sent:* Monday\n*To:* Ada\n\nShall we?\n"
THUNDERBIRD = "Am 04.05.26 um 09:30 schrieb Shop:\n> Sollen wir?\nJa, bitte.\n"
THUNDERBIRD_OLD = "Ada schrieb am 4.5.2026 um 9:30:\n> Sollen wir?\n\nJa, bitte.\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (GMAIL, "Yes, please."),
        (GMAIL_BROKEN, "Yes, please."),
        (GMAIL_DE, "Ja, bitte."),
        (APPLE, "Yes, please."),
        (APPLE_DE, "Ja, bitte."),
        (OUTLOOK, "Yes, please."),
        (OUTLOOK_DE, "Ja, bitte."),
        (OUTLOOK_LINE, "Yes, please."),
        (OUTLOOK_OLD, "Yes, please."),
        (OUTLOOK_OLD_DE, "Ja, bitte."),
        (BOLD, "Yes, please."),
        (THUNDERBIRD, "Ja, bitte."),
        (THUNDERBIRD_OLD, "Ja, bitte."),
        ("Yes.\n\nMia wrote:\n> Shall we?\n", "Yes."),
    ],
)
def test_strip_quotes__reply_of_a_mail_program__new_words_alone(text: str, kept: str) -> None:
    assert strip_quotes(text) == kept
    assert strip_quotes(text.replace("\n", "\r\n")) == kept


@pytest.mark.parametrize(
    "signature",
    ["-- \nAda Lovelace\n+44 1", "--\nAda", "Sent from my Galaxy", "Gesendet mit der GMX Mail App", "Get Outlook for iOS"],
)
def test_strip_quotes__signature__is_left_out(signature: str) -> None:
    assert strip_quotes(f"It broke again.\n\nCan I return it?\n\n{signature}\n") == "It broke again.\n\nCan I return it?"


@pytest.mark.parametrize(
    "text",
    [
        "Hello\nOn Monday I wrote:\nit broke",  # no date: a sentence
        "Your colleague wrote:\nit will be sent.\nIt was not.",
        "From: Leith\nTo: Malta\nhow much is it?",  # a question with the words of headers
        "I am from: Leith",
        "a > b\nand more",
        "Order 4006381333931 -- is it sent?",
        "Dear shop,\nOn my desk lies your letter.\nBye",
    ],
)
def test_strip_quotes__nothing_quoted__stays_as_it_is(text: str) -> None:
    assert strip_quotes(text) == text


@pytest.mark.parametrize(
    "text", ["> only quoted", "On Mon, 4 May 2026, Shop wrote:\n> yes, that one", "--\nAda", "Sent from my iPhone"]
)
def test_strip_quotes__nothing_would_be_left__everything_stays(text: str) -> None:
    assert strip_quotes(text) == text


def test_strip_quotes__answers_between_the_lines__are_kept() -> None:
    text = "On Mon, 4 May 2026 at 09:30, Shop <a@shop.example> wrote:\n> Which size?\n42\n> Which colour?\nblue\n"
    assert strip_quotes(text) == "42\nblue"


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["> quoted", "-- ", "--", "Sent from my iPhone", "From: a", "Sent: b", "To: c", "On Monday, Ada wrote:"]
        ),
        st.sampled_from(["Am 4. Mai schrieb Shop:", "_" * 30, "", "Betreff: x", "On a very long day,", "she wrote:", ">"]),
    ),
    max_size=12,
).map("\n".join)


@given(LINES)
def test_strip_quotes__any_text__never_loses_all_of_it_nor_adds_anything(text: str) -> None:
    kept = strip_quotes(text)

    assert bool(kept.strip()) == bool(text.strip())
    lines = {line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}
    assert {line.strip() for line in kept.replace("\r\n", "\n").replace("\r", "\n").split("\n")} <= lines | {""}


@given(LINES)
def test_strip_quotes__what_was_stripped__stays_so(text: str) -> None:
    assert strip_quotes(strip_quotes(text)).strip() != "" or not text.strip()
