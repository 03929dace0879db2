"""What attackers write, and how to tell from a page that it did nothing."""

from html.parser import HTMLParser

XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "{{7*7}}",
    "{% debug %}",
    "</script><script>alert(1)//",
    "</textarea><img src=x onerror=alert(1)>",
    '<div hx-get="/dashboard/" hx-trigger="load">',
    "<b hx-on:click=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<math><mi//xlink:href="data:x,<script>1</script>">',
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<base href=//evil.example>",
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<img src="https://evil.example/t.gif">',
    "&#x6a;avascript:alert(1)",
    "\u2028alert(1)",
)

LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "&#x6a;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/x",
    "/\\evil.example/x",
    "https:evil.example",
    "http://evil.example/",
)


class _Outline(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.nodes.append((tag, tuple(sorted(name for name, _value in attrs))))
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action", "hx-get", "hx-post"}]

    def handle_decl(self, decl: str) -> None:
        self.nodes.append(("!", ()))

    def unknown_decl(self, data: str) -> None:
        self.nodes.append(("!", ()))


def outline_of(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements of ``html`` with the names of their attributes: a text that is only text changes none of them."""
    return _Outline(html).nodes


def links_in(html: str) -> list[str]:
    """Return all addresses that elements of ``html`` lead to or load."""
    return _Outline(html).links
