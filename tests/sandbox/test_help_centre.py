"""Does the sandbox have a help centre worth the name, in both languages?"""

import pytest
from django.test import Client

from oscar_engage.answers.sources import SOURCES
from oscar_engage.helpcenter.models import HelpArticle, HelpTopic
from sandbox.demo.people import STAFF

pytestmark = pytest.mark.django_db


def test_articles__in_both_languages__are_thirty_and_the_same() -> None:
    slugs = {
        code: set(HelpArticle.objects.filter(live=True, locale__language_code=code).values_list("slug", flat=True))
        for code in ("en", "de")
    }
    assert slugs["en"] == slugs["de"]
    assert len(slugs["en"]) >= 30
    assert all({"en", "de"} <= set(topic.names) for topic in HelpTopic.objects.all())


@pytest.mark.parametrize("code", ["en", "de"])
def test_pages__of_every_article__are_shown(client: Client, code: str) -> None:
    for passage in SOURCES.get("help centre").read(code):
        assert passage.text
    for article in HelpArticle.objects.filter(locale__language_code=code):
        page = client.get(article.get_absolute_url(), headers={"Accept-Language": code})
        assert f'lang="{code}"' in page.content.decode()
        assert article.summary[:20] in page.content.decode().replace("&#x27;", "'")


def test_merchandiser__with_no_right_of_wagtails__edits_an_article(client: Client) -> None:
    person = next(person for person in STAFF if person.team == "Merchandisers")
    client.login(username=person.email, password=person.password)
    article = HelpArticle.objects.select_related("locale").order_by("pk")[0]

    assert client.get(f"/dashboard/engage/articles/{article.pk}/").status_code == 200
    assert client.get("/cms/").status_code == 302
