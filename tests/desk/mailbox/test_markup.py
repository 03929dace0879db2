"""Does HTML become the text that its reader would see, and nothing else, in time that grows with its length alone?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.mailbox.markup import LONGEST, text_of_html
from oscar_engage.desk.mailbox.quote import strip_quotes


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello</p><p>there</p>", "Hello\n\nthere"),
        ("Hello<br>there<br/>you", "Hello\nthere\nyou"),
        ("<html><head><title>t</title><style>p{a:b}</style></head><body>Hi<script>alert('</p>')</script></body></html>", "Hi"),
        ("<b>5 &lt; 6</b> &amp; 7&nbsp;€", "5 < 6 & 7 €"),
        ("a < b and 3 <4", "a < b and 3 <4"),
        ("<a href='https://evil.example'>a link</a>", "a link"),
        ("1 < 2 > 0 <5>", "1 < 2 > 0 <5>"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-- never ends", "a"),
        ("a<![if mso]>b<?xml c?>d", "abd"),
        ("a<p never ends", "a"),
        ("a<script>never ends", "a"),
        ("<blockquote>old</blockquote>new", "> old\nnew"),
        ("</blockquote>new", "new"),
        ("new<div class='gmail_quote'>On Monday<div>old</div></div>", "new\n> On Monday\n> old"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("", ""),
    ],
)
def test_text_of_html__markup__text(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_text_of_html__reply_of_outlook__new_words_alone() -> None:
    html = "<div>Yes</div><div id='divRplyFwdMsg'><b>Von:</b> Shop</div><div>Old</div>"
    assert strip_quotes(text_of_html(html)) == "Yes"


@given(st.text(alphabet="<>!-/abp \n&;\"'", max_size=300))
def test_text_of_html__anything__is_read_without_an_error(html: str) -> None:
    assert "<!--" not in text_of_html(html) or "-->" not in html


@pytest.mark.attack("G08")
@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", '<a b="', "&", "</", "<![", "<script>", "<div>", "< ", "<p>a"])
def test_text_of_html__hostile_and_long__takes_no_time(piece: str) -> None:
    begun = time.process_time()
    text_of_html(piece * (LONGEST // len(piece)))
    assert time.process_time() - begun < 5  # 0.2 s; the parser of the standard library takes minutes
