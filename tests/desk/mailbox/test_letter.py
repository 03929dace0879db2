"""Is a mail read for what it says, and refused for what it is, whatever bytes come?"""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.mailbox.authenticity import is_authentic
from oscar_engage.desk.mailbox.letter import Letter, UnreadableLetterError, normalise_address, read_letter
from tests.desk.mailbox.letters import mail

LARGEST = 30_000_000
START = b"From: Ada <ada@example.com>\r\nSubject: Hello\r\n"


def read(raw: bytes) -> Letter:
    return read_letter(raw, largest=LARGEST)


def test_read_letter__plain_mail__all_that_we_look_at() -> None:
    raw = mail(
        "Hello\n",
        sender="=?utf-8?q?Ad=C3=A4?= <ADA@Example.com>",
        subject="Größe?",
        References="<aa@x> <bb@x> <broken",
        In_Reply_To="<bb@x>",
        Cc="Mia <Mia@x.example>",
        Delivered_To="support+k@shop.example",
    )

    letter = read(raw)

    assert (letter.sender, letter.sender_name, letter.subject) == ("ada@example.com", "Adä", "Größe?")
    assert letter.text.strip() == "Hello"
    assert letter.message_id == "<1@mail.example>"
    assert letter.references == ("<aa@x>", "<bb@x>")
    assert letter.recipients == ("support@shop.example", "mia@x.example", "support+k@shop.example")
    assert (letter.attachments, letter.is_automatic) == (0, False)


def test_read_letter__plain_and_html__the_plain_one() -> None:
    letter = read(mail("plain", html="<p>rich</p>", attachments=2))
    assert (letter.text.strip(), letter.attachments) == ("plain", 2)


@pytest.mark.parametrize("blank", ["", "\n\n"])
def test_read_letter__html_alone__its_text(blank: str) -> None:
    assert read(mail(blank, html="<p>rich<script>x()</script></p>")).text == "rich"


def test_read_letter__named_text_file_and_mail_within__are_attachments() -> None:
    message = EmailMessage()
    message["From"] = "ada@example.com"
    message.set_content("Hello")
    message.add_attachment("notes", filename="notes.txt")
    message.add_attachment(EmailMessage())
    letter = read(message.as_bytes())
    assert letter.text.strip() == "Hello"
    assert letter.attachments == 2


def test_read_letter__small_picture_of_a_signature__is_no_attachment() -> None:
    message = EmailMessage()
    message["From"] = "ada@example.com"
    message.set_content("<p>Hello</p>", subtype="html")
    message.add_related(b"x" * 100, maintype="image", subtype="png", cid="<logo@x>")
    assert read(message.as_bytes()).attachments == 0


@pytest.mark.attack("G05")
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Loop": "us"},
        {"List_Id": "<list.example>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@example.com"},
        {"sender": "no-reply@example.com"},
        {"sender": "bounces+17@example.com"},
    ],
    ids=str,
)
def test_read_letter__written_by_a_program__is_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).is_automatic  # type: ignore[arg-type]  # headers alone
    assert not read(mail(Auto_Submitted="no", Precedence="first-class")).is_automatic


@pytest.mark.attack("G05")
def test_read_letter__report_of_a_mail_server__is_known() -> None:
    raw = START + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n<script>\r\n--b--"
    assert read(raw).is_automatic


@pytest.mark.attack("G02")
@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: nobody\r\n\r\nx",
        b"From: \r\n\r\nx",
        b"From: ada@example.com, eve@example.com\r\n\r\nx",
        b"From: ada@example.com\r\nFrom: eve@example.com\r\n\r\nx",
        b"From: Ada\r\n\r\nx",
        b"From: group: ada@example.com, eve@example.com;\r\n\r\nx",
        b"From: " + b"(" * 3000 + b"\r\n\r\nx",
        b"",
    ],
    ids=lambda raw: raw[:30],
)
def test_read_letter__not_one_sender__is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableLetterError, match="sender"):
        read(raw)


@pytest.mark.attack("G08")
@pytest.mark.parametrize(
    "charset",
    [b"zlib", b"punycode", b"idna", b"unicode_escape", b"utf-7", b"undefined", b"rot13", b"x" * 900, b"\xff\xfe", b"hex"],
)
def test_read_letter__strange_character_set__is_read_as_utf8(charset: bytes) -> None:
    raw = START + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\nHello +ADw-script+AD4-"
    assert read(raw).text.startswith("Hello +ADw-script")


def test_read_letter__known_character_set__is_heeded() -> None:
    assert read(START + b"Content-Type: text/plain; charset=ISO-8859-1\r\n\r\nGr\xfc\xdfe").text == "Grüße"


@pytest.mark.attack("G08")
@pytest.mark.parametrize("header", [b"charset*=a\0b'en'utf-8", b"name*=a\0b'en'x"])
def test_read_letter__parameter_that_breaks_the_parser__is_refused(header: bytes) -> None:
    with pytest.raises(UnreadableLetterError, match="broken"):
        read(START + b"Content-Type: text/plain; " + header + b"\r\n\r\nx")


def test_read_letter__character_set_that_python_lacks__is_read_as_utf8() -> None:
    assert read(START + b"Content-Type: text/plain; charset=iso-8859-99\r\n\r\nx").text == "x"


HOSTILE = {
    "parts": START + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 10_000 + b"--b--",
    "nested": START + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(400)),
    "mails": START + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "lines": START + b"\r\n" + b"\n" * 3_000_000,
    "headers": START + b"A: b\r\n" * 200_000 + b"\r\nx",
    "parameters": START + b"Content-Type: multipart/mixed" + b'; "' * 1_000_000 + b"\r\n\r\nx",
    "rfc 2231": START + b"Content-Type: text/plain" + b"".join(b";\r\n a*%d*=b" % i for i in range(50_000)) + b"\r\n\r\nx",
    "boundary": START + b"Content-Type: multipart/mixed; boundary=" + b"b" * 500_000 + b"\r\n\r\nx",
    "comments": b"From: " + b"(" * 500_000 + b"ada@example.com\r\n\r\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\nFrom: ada@example.com\r\n\r\nx",
    "references": START + b"References: " + b"<a" * 500_000 + b"\r\n\r\nx",
    "base64": START + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"====\n" * 300_000,
    "one line": START + b"\r\n" + b"x" * 25_000_000,
    "uuencode": START + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 a\n" + b"M" * 1_000_000,
    "html": START + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 1_000_000,
    "nulls": START + b"\r\n" + b"\x00" * 1_000_000,
}  # fmt: skip


@pytest.mark.attack("G08")
@pytest.mark.parametrize("raw", HOSTILE.values(), ids=list(HOSTILE))
def test_read_letter__hostile__is_read_or_refused_in_seconds(raw: bytes) -> None:
    begun = time.process_time()
    try:
        size, reason = len(read(raw).text), "read"
    except UnreadableLetterError as error:
        size, reason = 0, str(error)
    assert size <= 100_000
    assert reason in {"read", "parts", "broken", "sender"}
    assert time.process_time() - begun < 10  # 1 s; without the cuts minutes or a crash


@pytest.mark.attack("G08")
def test_read_letter__too_large__is_not_parsed() -> None:
    with pytest.raises(UnreadableLetterError, match="size"):
        read_letter(b"x" * 101, largest=100)


@given(
    st.binary(max_size=400)
    | st.builds(lambda a, b: START + a + b"\r\n\r\n" + b, st.binary(max_size=200), st.binary(max_size=200))
)
def test_read_letter__any_bytes__a_letter_or_its_error(raw: bytes) -> None:
    try:
        letter = read(raw)
    except UnreadableLetterError:
        return
    assert "\n" not in letter.sender + letter.sender_name + letter.subject + letter.message_id
    assert all(reference.isascii() and " " not in reference for reference in letter.references)


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        (" ada@bücher.example ", "ada@xn--bcher-kva.example"),
        ("ada", "@ada"),
        ("a@" + "ü" * 300, "a@" + "ü" * 300),
        ("a@ü..x", "a@ü..x"),
    ],
)
def test_normalise_address__case_and_idna__one_form(address: str, normal: str) -> None:
    assert normalise_address(address) == normal


RESULTS = "mx.shop.example; spf=pass smtp.mailfrom=x; dmarc=pass (p=none; dis=none) header.from=example.com"


@pytest.mark.parametrize(
    ("results", "trusted", "is_fine"),
    [
        ([], "", True),
        ([], "mx.shop.example", False),
        ([RESULTS], "mx.shop.example", True),
        ([RESULTS], "MX.shop.example", True),
        ([RESULTS], "mx.other.example", False),
        (["mx.evil.example; dmarc=pass", RESULTS], "mx.shop.example", True),
        (["mx.shop.example; dmarc=fail", RESULTS], "mx.shop.example", False),  # a forged one below the server's own
        (["mx.shop.example 1; dmarc=pass"], "mx.shop.example", True),
        (["mx.shop.example; spf=pass; dkim=pass"], "mx.shop.example", False),
        (["mx.shop.example; dmarc=pass header.from=evil.example"], "mx.shop.example", False),
        (["mx.shop.example; x-dmarc=pass"], "mx.shop.example", False),
        (["mx.shop.example; none (dmarc=pass)"], "mx.shop.example", False),
        (["; dmarc=pass"], "mx.shop.example", False),
    ],
)
def test_is_authentic__results_of_servers__only_the_trusted_ones_first_counts(
    results: list[str], trusted: str, is_fine: bool
) -> None:
    assert is_authentic(results, trusted=trusted, sender="ada@example.com") is is_fine
