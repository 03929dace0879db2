"""Did a search engine send this shopper? Known by the host alone, in whatever country."""

_SEARCH_ENGINES = frozenset(
    ("google", "bing", "duckduckgo", "yahoo", "ecosia", "qwant", "startpage", "yandex", "baidu", "naver", "seznam", "brave")
)


def is_search_engine(host: str) -> bool:
    """Whether the host is a search engine's, in whatever country; their mail is none."""
    labels = host.split(".")
    return labels[0] != "mail" and not _SEARCH_ENGINES.isdisjoint(labels)
