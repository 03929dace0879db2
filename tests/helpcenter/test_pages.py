"""What does a shopper read, find and say in the help centre?"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.answers.shelf import forget_answers
from oscar_engage.helpcenter.models import HelpArticle
from oscar_engage.helpcenter.publish import unpublish
from oscar_engage.signals.models import SignalRecord
from tests.helpcenter.conftest import NOW
from tests.storefront.beats import known_shopper

CENTRE = "/engage/help-centre/"
ARTICLE = f"{CENTRE}articles/return-an-item/"
pytestmark = pytest.mark.django_db


def test_centre__with_articles__lists_topics_in_their_order(client: Client, loaded: dict[str, HelpArticle]) -> None:
    page = client.get(CENTRE).content.decode()

    assert page.index("Delivery") < page.index("Where is my parcel") < page.index("Returns") < page.index("Return an item")
    assert page.count('href="/engage/help-centre/articles/return-an-item/"') == 1


def test_centre__without_articles__says_how_to_ask(client: Client) -> None:
    page = client.get(CENTRE).content.decode()
    assert "There is nothing to read here yet" in page
    assert reverse("engage:note-new") in page


@pytest.mark.parametrize(("language", "title"), [("en", "Return an item"), ("de", "Etwas zurückgeben"), ("de-at", "Etwas zur")])
def test_article__by_the_pages_language__is_shown_in_it(
    client: Client, loaded: dict[str, HelpArticle], language: str, title: str
) -> None:
    page = client.get(ARTICLE, headers={"Accept-Language": language}).content.decode()

    assert f"<title>\n    {title}" in page or title in page.partition("</title>")[0]
    assert '<link rel="canonical" href="http://testserver/engage/help-centre/articles/return-an-item/">' in page


def test_article__not_translated__is_shown_in_the_shops_language_and_marked(
    client: Client, loaded: dict[str, HelpArticle]
) -> None:
    page = client.get(f"{CENTRE}articles/where-is-my-parcel/", headers={"Accept-Language": "de"}).content.decode()

    assert '<h2 class="engage-title" id="engage-article-title" lang="en">Where is my parcel' in page


def test_article__its_markup__becomes_elements_with_everything_escaped(client: Client, loaded: dict[str, HelpArticle]) -> None:
    article = loaded["en/return-an-item"]
    HelpArticle.objects.filter(pk=article.pk).update(
        body="## <b>Head</b>\n\n**bold** {{ basket.flush }} <script>alert(1)</script>\n\n[x](javascript:alert(1))"
    )
    page = client.get(ARTICLE).content.decode()

    assert '<h3 id="engage-part-1"><strong>&lt;b&gt;Head&lt;/b&gt;' in page
    assert "<strong>bold</strong> {{ basket.flush }} &lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page


def test_article__taken_back_or_never_there__is_not_shown(client: Client, loaded: dict[str, HelpArticle]) -> None:
    for article in loaded.values():
        unpublish(article, user=None, now=NOW)

    for path in (ARTICLE, f"{CENTRE}articles/no-such/", f"{CENTRE}topics/no-such/", f"{CENTRE}topics/returns/"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert "This is not here any more" in response.content.decode()


def test_search__words_people_use__finds_the_article(client: Client, loaded: dict[str, HelpArticle]) -> None:
    for query in ("refund", "Refund please", "wrong size", "box"):
        page = client.get(f"{CENTRE}search/", {"q": query}).content.decode()
        assert "Return an item" in page, query
        assert "1 article found" in page, query


def test_search__in_german__finds_the_german_text(client: Client, loaded: dict[str, HelpArticle]) -> None:
    page = client.get(f"{CENTRE}search/", {"q": "Erstattung"}, headers={"Accept-Language": "de"}).content.decode()
    assert "Etwas zurückgeben" in page


@pytest.mark.parametrize("query", ["zzzzz", '"', "a OR b:", "*", "'; drop table", "(", "\0", "%", "x" * 3000, "NEAR(a b)"])
def test_search__nothing_or_nonsense__says_what_to_do(client: Client, loaded: dict[str, HelpArticle], query: str) -> None:
    response = client.get(f"{CENTRE}search/", {"q": query})
    assert response.status_code == 200
    if query.strip("\0"):
        assert reverse("engage:note-new") in response.content.decode()


def test_search__misspelt_words__finds_what_a_note_would_be_answered_with(
    client: Client, loaded: dict[str, HelpArticle]
) -> None:
    forget_answers()
    page = client.get(f"{CENTRE}search/?q=retrun+an+itme").content.decode()

    assert 'href="/engage/help-centre/articles/return-an-item/"' in page
    assert "Nothing was found" not in page


def test_search__drafts__are_not_found(client: Client, loaded: dict[str, HelpArticle]) -> None:
    unpublish(loaded["en/return-an-item"], user=None, now=NOW)
    assert "Nothing was found" in client.get(f"{CENTRE}search/", {"q": "refund"}).content.decode()


def told() -> list[tuple[str, dict[str, object]]]:
    rows = SignalRecord.objects.filter(kind__startswith="help.").order_by("pk")
    return [(row.kind, row.payload) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_reading__of_a_shopper_who_agreed__is_recorded(transactional_db: None, loaded: dict[str, HelpArticle]) -> None:
    client = known_shopper()
    client.get(f"{CENTRE}search/", {"q": "refund"})
    client.get(ARTICLE)
    client.head(ARTICLE)
    client.post(f"{ARTICLE}rating/", {"helpful": "no"})

    assert [entry for entry in told() if entry[0] != "help.not_helpful"] == [
        ("help.searched", {"query": "refund", "results": 1}),
        ("help.opened", {"article": "return-an-item", "language": "en"}),
        ("help.rated", {"helpful": False, "article": "return-an-item"}),
    ]


def test_rating__without_script__leads_back_and_offers_to_ask(client: Client, loaded: dict[str, HelpArticle]) -> None:
    response = client.post(f"{ARTICLE}rating/", {"helpful": "no"})
    page = client.get(response.headers["Location"]).content.decode()

    assert response.headers["Location"] == f"{ARTICLE}?rated=no#engage-helped"
    assert "Thank you for telling us" in page
    assert "Did this help?" not in page
    assert reverse("engage:note-new") in page


def test_rating__in_the_panel__answers_with_the_panel(client: Client, loaded: dict[str, HelpArticle]) -> None:
    page = client.post(f"{ARTICLE}rating/", {"helpful": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert "we are glad that it helped" in page
    assert "<html" not in page


@pytest.mark.attack("C01")
def test_rating__without_a_token__is_refused(loaded: dict[str, HelpArticle]) -> None:
    assert Client(enforce_csrf_checks=True).post(f"{ARTICLE}rating/", {"helpful": "no"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_rating__of_nothing_or_nonsense__records_nothing(transactional_db: None, loaded: dict[str, HelpArticle]) -> None:
    client = known_shopper()
    assert client.post(f"{CENTRE}articles/no-such/rating/", {"helpful": "no"}).status_code == 404
    assert client.post(f"{ARTICLE}rating/", {"helpful": "perhaps"}).headers["Location"] == ARTICLE
    assert client.get(f"{ARTICLE}rating/").status_code == 405
    assert "help.rated" not in [kind for kind, _payload in told()]


@pytest.mark.parametrize("path", [CENTRE, ARTICLE, f"{CENTRE}search/?q=refund", f"{CENTRE}topics/returns/"])
def test_pages__as_panels_and_pages__are_kept_by_no_cache(client: Client, loaded: dict[str, HelpArticle], path: str) -> None:
    page, panel = client.get(path), client.get(path, headers={"X-Engage-Fragment": "1"})

    assert page.headers["Cache-Control"] == panel.headers["Cache-Control"] == "private, no-store"
    assert panel.content.decode().strip().startswith("<section")
    assert 'role="dialog"' in panel.content.decode()
    assert "<html" in page.content.decode()


def test_help__with_a_help_centre__links_to_it(client: Client) -> None:
    assert f'href="{CENTRE}"' in client.get("/engage/help/").content.decode()


def test_centre__with_one_and_three_articles__costs_the_same(
    client: Client, loaded: dict[str, HelpArticle], django_assert_num_queries: Callable[..., object]
) -> None:
    from oscar_engage.helpcenter.reading import by_topic  # noqa: PLC0415 - beside what is counted

    with django_assert_num_queries(1):
        assert sum(len(part.articles) for part in by_topic("en")) == 2
    HelpArticle.objects.exclude(pk=loaded["en/return-an-item"].pk).update(live=False)
    with django_assert_num_queries(1):
        assert sum(len(part.articles) for part in by_topic("en")) == 1
