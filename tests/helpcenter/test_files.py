"""Is a file read as it is written, and what is wrong said with its line?"""

import pytest

from oscar_engage.helpcenter.files import ArticleFile, WrongFileError, check_slug, read_article, read_topics
from oscar_engage.helpcenter.markup import LONGEST

HEAD = "title: T\ntopic: returns\nsummary: S\n"


def read(text: str) -> ArticleFile:
    return read_article(text, name="x.md", language="en", slug="x")


def test_article__with_all_lines__is_read() -> None:
    asked = "asked: How do I? | And when\n"
    head = f"\ufefftitle: A: b\ntopic: returns\nsummary: S\nwords: a, b\n{asked}anchor: size-table"
    article = read(f"{head}\n\nText\n\n## More\n")

    assert (article.title, article.topic, article.summary) == ("A: b", "returns", "S")
    assert article.asked == "How do I?\nAnd when"
    assert (article.words, article.anchors, article.body) == ("a, b", "size-table", "Text\n\n## More")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "title"),
        ("title: T\n\nText", 1, "topic"),
        (HEAD, 3, "no text"),
        (f"{HEAD}\n \n", 5, "no text"),
        (f"title: T\n{HEAD}\nText", 2, "second time"),
        (f"title: {'x' * 161}\n\nText", 1, "161 characters"),
        (f"{HEAD}words\n\nText", 4, "expected one of"),
        (f"{HEAD}\n{'x' * (LONGEST + 1)}", 5, "characters"),
        (f"{HEAD}\nText\n\n[a](data:x)", 7, "data:x"),
    ],
)
def test_article__with_something_wrong__says_where(text: str, line: int, words: str) -> None:
    with pytest.raises(WrongFileError, match=words) as raised:
        read(text)
    assert raised.value.line == line


@pytest.mark.parametrize("slug", ["", "A", "a b", "../x", "a--b", "-a", "x" * 61, "ä"])
def test_slug__that_is_no_part_of_an_address__is_refused(slug: str) -> None:
    with pytest.raises(WrongFileError, match="no name"):
        check_slug(slug, name="x")


def test_topics__as_written__are_read() -> None:
    (topic,) = read_topics('[delivery]\nen = "Delivery"\nde = "Lieferung"\norder = 1\n', name="topics.toml")
    assert (topic.slug, topic.order, topic.names) == ("delivery", 1, {"en": "Delivery", "de": "Lieferung"})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n[a\n", 2),
        ("delivery = 1", 1),
        ("[a]\n[b]\nen = 1", 1),
        ('[a]\nen = "x"\n[b]\norder = true\nen = "y"', 3),
        ('[a]\nen = " "', 1),
        ('[A]\nen = "x"', 1),
        ('[a]\nen = "x"\nen = "y"', 3),
    ],
)
def test_topics__with_something_wrong__say_where(text: str, line: int) -> None:
    with pytest.raises(WrongFileError) as raised:
        read_topics(text, name="topics.toml")
    assert raised.value.line == line
