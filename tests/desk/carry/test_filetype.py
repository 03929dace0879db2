"""Is a file judged by what it holds, and refused with the reason?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.carry.filetype import TYPES, Refusal, RefusedFileError, judge, sniff
from tests.desk.carry.contents import PDF, picture

ALL = tuple(TYPES)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("photo.jpg", picture("JPEG"), "jpeg"),
        ("PHOTO.JPEG", picture("JPEG"), "jpeg"),
        ("x.png", picture("PNG"), "png"),
        ("x.webp", picture("WEBP"), "webp"),
        ("x.gif", picture("GIF"), "gif"),
        ("bill.pdf", PDF, "pdf"),
        ("notes.txt", "Größe 42\r\n\tlinks\n".encode(), "text"),
        ("notes.txt", "Größe 42".encode("latin-1"), "text"),
    ],
)
def test_judge__content_and_ending_agree__is_the_type(name: str, content: bytes, kind: str) -> None:
    assert judge(name, content, allowed=ALL) == kind


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", Refusal.EMPTY),
        ("page.html", b"<script>alert(1)</script>", Refusal.TYPE),
        ("drawing.svg", b"<svg onload=alert(1)>", Refusal.TYPE),
        ("x.png.html", picture("PNG"), Refusal.TYPE),
        ("x.exe", b"MZ\x00\x01", Refusal.TYPE),
        ("x.txt", b"MZ\x00\x01", Refusal.TYPE),
        ("x.zip", b"PK\x03\x04", Refusal.TYPE),
        ("noending", picture("PNG"), Refusal.TYPE),
        ("x.riff.webp", b"RIFF\x00\x00\x00\x00WAVE", Refusal.TYPE),
        ("x.png", picture("JPEG"), Refusal.MISMATCH),
        ("x.png", b"<script>alert(1)</script>", Refusal.MISMATCH),
        ("x.txt", PDF, Refusal.MISMATCH),
        ("bill.pdf", b" " + PDF, Refusal.MISMATCH),
        ("bill.pdf", PDF + b"<</S/JavaScript/JS(app.alert(1))>>", Refusal.ACTIVE),
        ("bill.pdf", PDF + b"<</S/Launch/F(cmd.exe)>>", Refusal.ACTIVE),
    ],
)
def test_judge__anything_else__is_refused_with_the_reason(name: str, content: bytes, reason: Refusal) -> None:
    with pytest.raises(RefusedFileError) as refused:
        judge(name, content, allowed=ALL)

    assert (refused.value.reason, refused.value.name) == (reason, name)


def test_judge__type_that_the_shop_did_not_allow__is_refused() -> None:
    with pytest.raises(RefusedFileError) as refused:
        judge("bill.pdf", PDF, allowed=("jpeg",))

    assert refused.value.reason is Refusal.TYPE


@given(content=st.binary(min_size=1, max_size=60))
def test_sniff__any_bytes__are_text_only_without_control_characters(content: bytes) -> None:
    if sniff(content) == "text":
        assert all(byte >= 32 or byte in b"\t\n\r\f" for byte in content)
