"""Is what goes with a note exactly what was shown before, and never anything that was typed?"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from oscar_engage.desk.pages.sent import SentSnapshot, read_snapshot
from oscar_engage.desk.pages.strip import strip_html
from tests.browser.fake_shop import HELP, NOTE_FORM, RECEIPT, Answer, FakeShop, field_of
from tests.browser.test_attacks import CARDS, FILL

Wait = Callable[..., None]

COPY = """<input type="hidden" name="anchor_object"><input type="hidden" name="with_copy" value="1"><input type="hidden"
 name="page_copy"><div class="engage-copy" data-engage-copy hidden><p class="engage-hint">A copy goes with it.</p>
<label><input type="checkbox"> Send the copy along</label><button type="button" class="engage-button-quiet"
 data-engage-do="look" aria-expanded="false">Look at the copy</button></div><div class="engage-actions">"""
FORM = NOTE_FORM.replace('<div class="engage-actions">', COPY)
TABLE = """<h1>Kettle</h1><table data-engage-id="size-table" data-engage-object="product:5" class="table striped">
<caption>Sizes</caption><tr><td colspan="2">36</td><td>37</td><td>38</td><td>39</td><td>40</td><td>41</td>
<td>42</td></tr></table>"""


def open_note(page: Page, fake_shop: FakeShop, body: str, *, anchor: str = "", form: str = FORM) -> None:
    """Open a page with ``body`` and the form of a note on it."""
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, form.format(anchor=anchor, decision=""))
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, RECEIPT)
    page.goto(fake_shop.page(body, path="/kettle/", kind="product") + "?token=SECRETQUERY")
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()
    page.get_by_role("link", name="Leave a note").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-engage-copy]')?.hidden === false")


def leave(page: Page, fake_shop: FakeShop) -> str:
    """Send the note and return the copy that went with it, as its bytes were."""
    page.get_by_label("Your question").fill("Does it fit?")
    page.get_by_role("button", name="Leave the note").click()
    expect(page.locator(".engage-receipt")).to_be_visible()
    return field_of(fake_shop.asked("/engage/note/")[-1].body, "page_copy")


def sent_copy(page: Page, fake_shop: FakeShop, body: str, **options: Any) -> SentSnapshot:
    """Leave a note on a page with ``body`` and return the copy, which our server takes as it is."""
    open_note(page, fake_shop, body, **options)
    snapshot = read_snapshot(leave(page, fake_shop))
    assert strip_html(snapshot.html).replace("&amp;", "&") == re.sub(
        r"&#(\d+);", lambda found: chr(int(found[1])), snapshot.html
    )
    return snapshot


def test_note__on_a_marked_table__copy_with_pin_styles_and_window(
    page: Page, fake_shop: FakeShop, complaints: list[str]
) -> None:
    snapshot = sent_copy(page, fake_shop, TABLE, anchor="size-table")

    assert '<table class="table striped" id="engage-pin">' in snapshot.html
    assert '<td colspan="2">36</td>' in snapshot.html
    assert snapshot.view == (1280, 900)
    assert snapshot.pin is not None
    assert snapshot.pin[2] > 0
    assert "/static/oscar_engage/dist/engage.css" in snapshot.styles
    assert "How can we help?" not in snapshot.html
    assert "engage-help" not in snapshot.html
    assert field_of(fake_shop.asked("/engage/note/")[-1].body, "anchor_object") == "product:5"
    assert complaints == []


@pytest.mark.attack("I07")
def test_i07__looked_at__shows_in_a_closed_frame_what_is_then_sent(
    page: Page, fake_shop: FakeShop, complaints: list[str]
) -> None:
    open_note(page, fake_shop, TABLE, anchor="size-table")
    look = page.get_by_role("button", name="Look at the copy")
    look.click()

    expect(look).to_have_attribute("aria-expanded", "true")
    frame = page.locator("iframe.engage-copy-view")
    expect(frame).to_have_attribute("sandbox", "")
    shown = page.frame_locator("iframe.engage-copy-view")
    expect(shown.locator("#engage-pin caption")).to_have_text("Sizes")
    inside = next(one for one in page.frames if one != page.main_frame)
    assert inside.evaluate("getComputedStyle(document.querySelector('#engage-pin')).outlineWidth") == "4px"
    looked_at = str(inside.evaluate("document.body.innerHTML"))
    page.evaluate("document.querySelector('h1').textContent = 'Changed meanwhile'")

    snapshot = read_snapshot(leave(page, fake_shop))
    page.evaluate(
        "(html) => { window.engageCopy = new DOMParser().parseFromString(html, 'text/html').body.innerHTML; }", snapshot.html
    )
    assert page.evaluate("window.engageCopy") == looked_at
    assert complaints == []


def test_note__tick_taken_out__no_copy_goes(page: Page, fake_shop: FakeShop) -> None:
    open_note(page, fake_shop, TABLE)
    page.get_by_label("Send the copy along").uncheck()

    assert leave(page, fake_shop) == ""
    assert field_of(fake_shop.asked("/engage/note/")[-1].body, "with_copy") == ""


@pytest.mark.attack("I06")
def test_i06__form_without_the_field__takes_no_copy(page: Page, fake_shop: FakeShop) -> None:
    fake_shop.answers["/engage/note/"] = lambda seen, number: Answer(200, RECEIPT)
    fake_shop.answers["/engage/help/"] = lambda seen, number: Answer(200, HELP)
    fake_shop.answers["/engage/note/new/"] = lambda seen, number: Answer(200, NOTE_FORM.format(anchor="", decision=""))
    page.goto(fake_shop.page(TABLE, path="/accounts/", kind="account"))
    page.wait_for_timeout(400)
    page.locator("#engage-help").click()
    page.get_by_role("link", name="Leave a note").click()
    assert leave(page, fake_shop) == ""
    assert "Sizes</caption>" not in fake_shop.asked("/engage/note/")[-1].body


@pytest.mark.attack("I06", "I07")
def test_i06__what_the_shop_marks_as_private__is_masked_or_left_out(page: Page, fake_shop: FakeShop) -> None:
    body = """<p data-engage-mask>Ann <b>Arbor</b> <img src="/media/ann.png" alt="Ann"></p>
<div data-engage-block>Loyal since 1999</div>
<p hidden>HIDDENTEXT</p><script type="application/json">{"a": "HIDDENTEXT"}</script>
<!-- HIDDENTEXT --><a href="/reset/SECRETPATH/?token=SECRETQUERY" title="SECRETTITLE" data-token="SECRETDATA">Link</a>
<img src="/media/kettle.png?token=SECRETQUERY" alt="Kettle" onerror="x()"><img src="https://elsewhere.example/a.png" alt="Else">
<svg><text>HIDDENTEXT</text></svg><iframe srcdoc="HIDDENTEXT" title="x"></iframe>
<form action="/x/?token=SECRETQUERY"><p>Kept</p></form>"""
    snapshot = sent_copy(page, fake_shop, body)

    assert not re.search(r"SECRET|HIDDEN|Ann|Arbor|1999|elsewhere|onerror|action|href", snapshot.html)
    assert 'src="/media/kettle.png"' in snapshot.html
    assert "<p>Kept</p>" in snapshot.html


WISHES = """<h1>Kettle</h1><div class="btn-group btn-wishlist align-bottom"><a class="btn btn-lg dropdown-toggle"
 data-toggle="dropdown" href="#">Add to wish list</a><ul class="dropdown-menu dropdown-menu-right show"><li>
<a href="/accounts/wishlists/SECRETKEY/products/5/" class="dropdown-item">Add to 'For Lerwick' wish list</a></li><li>
<a href="/accounts/wishlists/create/with-product/5/" class="dropdown-item">Create a new wishlist</a></li></ul></div>
<form action="/accounts/wishlists/SECRETKEY/products/5/delete/" method="post"><input type="hidden" name="csrfmiddlewaretoken"
 value="SECRETTOKEN"><span class="float-left">Product is in <a href="/wishlists/SECRETKEY/">'Mother at seventy'</a>
 wishlist.</span>
<button type="submit" class="btn btn-sm float-right">Remove</button></form><p>Boils in a minute.</p>"""
"""What Oscar's ``add_to_wishlist.html`` shows to a customer with several lists, unfolded, with the product in one of them."""


@pytest.mark.attack("I06", "I07")
def test_i06__names_of_the_customers_wish_lists__are_masked(page: Page, fake_shop: FakeShop) -> None:
    snapshot = sent_copy(page, fake_shop, WISHES)

    assert not re.search(r"Lerwick|Mother|seventy|SECRET", snapshot.html)
    assert '<a class="dropdown-item">•••••</a>' in snapshot.html
    assert '<span class="float-left">•••••<a>•••••</a>•••••</span>' in snapshot.html
    assert "<p>Boils in a minute.</p>" in snapshot.html


KINDS = (
    '<input value="{0}">',
    '<label>Card <input name="n{1}" autocomplete="cc-number" value="{0}"></label>',
    '<input type="hidden" value="{0}">',
    "<textarea>{0}</textarea>",
    '<div contenteditable="true">{0}</div>',
    '<select><option selected value="{0}">{0}</option></select>',
    '<input type="password" value="{0}" data-number="{0}">',
    "<output>{0}</output>",
    '<input id="split{1}" maxlength="4"><input maxlength="4"><input maxlength="4"><input maxlength="4">',
    '<input id="auto{1}">',
    "<label>Your card {0} <input></label>",
    "<p>Paid with {0}.</p>",
    "<div role='textbox'>{0}</div>",
    '<img src="/media/x.png" alt="{0}">',
    '<p data-card="{0}" title="{0}" aria-label="{0}">x</p>',
    '<button value="{0}">Pay</button>',
)
GROUPS = "<p><b>{0}</b> <b>{1}</b>\n<i>{2}</i>-<i>{3}</i></p>"
WORDS = ("hunter2-hunter2", "tok_live_51HxSECRET", "csrf-4f9a8b7c6d5e")


@pytest.mark.attack("I01", "I02")
def test_i01__cards_passwords_and_tokens_in_every_kind_of_field__none_is_on_the_wire(page: Page, fake_shop: FakeShop) -> None:
    fields = "".join(KINDS[at % len(KINDS)].format(card, at) for at, card in enumerate(CARDS))
    groups = "".join(GROUPS.format(*(card[at : at + 4] for at in range(0, 16, 4))) for card in CARDS[:5])
    singles = "".join(f"<span>{digit}</span>" for digit in CARDS[7])
    secrets = "".join(KINDS[at].format(word, f"w{at}") for at in (0, 2, 3, 4, 5, 6) for word in WORDS)
    body = f"<form><h1>Pay</h1>{fields}{groups}<p>{singles}</p>{secrets}</form>"
    open_note(page, fake_shop, body)
    page.evaluate(FILL, CARDS)
    # A password shown as text, and an attribute that changes after the page has come.
    page.evaluate(
        """(word) => document.querySelectorAll('[type="password"]').forEach((field) => {
      field.type = 'text'; field.value = word; field.setAttribute('value', word); field.placeholder = word;
    })""",
        WORDS[0],
    )
    leave(page, fake_shop)

    wire = "".join(seen.body + str(seen.query) + str(seen.headers) for seen in fake_shop.seen)
    snapshot = read_snapshot(field_of(fake_shop.asked("/engage/note/")[-1].body, "page_copy"))
    assert "Pay" in snapshot.html
    assert [card for card in CARDS if card in wire or card in re.sub(r"\D", "", snapshot.html)] == []
    assert [word for word in WORDS if word in wire] == []


@pytest.mark.attack("I02")
def test_i02__no_field_is_ever_asked_for_its_value(page: Page, fake_shop: FakeShop) -> None:
    open_note(page, fake_shop, "<form><input value='a'><textarea>b</textarea><select><option>c</option></select></form>")
    page.evaluate("""() => {
      window.asked = [];
      const own = (node) => node.closest('#engage-root');
      for (const kind of [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement]) {
        const { get, set } = Object.getOwnPropertyDescriptor(kind.prototype, 'value');
        Object.defineProperty(kind.prototype, 'value', {
          set, get() { if (!own(this)) asked.push('value'); return get.call(this); },
        });
      }
      const { getAttribute } = Element.prototype;
      Element.prototype.getAttribute = function (name) {
        if (!own(this) && name === 'value') asked.push(name);
        return getAttribute.call(this, name);
      };
    }""")
    leave(page, fake_shop)
    assert page.evaluate("window.asked") == []


@pytest.mark.attack("I07")
def test_i07__page_too_long__only_what_stands_around_the_element(page: Page, fake_shop: FakeShop) -> None:
    long = "<p>Far away from it, at length.</p>" * 20_000
    snapshot = sent_copy(page, fake_shop, f"<div>{long}</div><section>{TABLE}<p>Close by</p></section>", anchor="size-table")

    assert "Far away" not in snapshot.html
    assert "Close by" in snapshot.html


def test_note__numbers_that_are_no_cards__stay(page: Page, fake_shop: FakeShop) -> None:
    plain = "<p>EAN 4006381333931, order 100042, call 01632 960 983</p><p>1 2 3 4 5 6 7 8 9</p>"
    plain += "<p><b>245</b><b>250</b><b>255</b><b>260</b><b>270</b><b>275</b><b>280</b><b>290</b></p>"
    snapshot = sent_copy(page, fake_shop, plain + TABLE)

    assert plain in snapshot.html
    assert "•" not in json.dumps(snapshot.html, ensure_ascii=False)


def test_note__numbers_of_a_table__are_a_card_within_a_row_and_none_across_rows(page: Page, fake_shop: FakeShop) -> None:
    cells = [f"<td>{CARDS[0][at : at + 4]}</td>" for at in range(0, 16, 4)]
    within = f"<table><tr>{''.join(cells)}</tr></table>"
    across = f"<table><tr>{cells[0]}{cells[1]}</tr><tr>{cells[2]}{cells[3]}</tr></table>"
    snapshot = sent_copy(page, fake_shop, f"<h1>Sizes</h1><section>{across}</section><article>{within}</article>")

    rows, row = snapshot.html.split("</section>")
    assert re.sub(r"\D", "", re.sub("<[^>]*>", "", rows)) == CARDS[0]
    assert CARDS[0][:4] not in row
