"""What does a browser without a screen need? Pages, cookies, the facts that our script would read, and a form's token."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
TIMEOUT = 60.0
_BEAT = re.compile(r'data-engage-beat="([^"]*)" data-engage-page="([^"]*)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')
_PRODUCT = re.compile(r'href="(/[^"]*catalogue/[^"/]*_\d+/)"')
_ADD = re.compile(r'action="(/[^"]*basket/add/\d+/)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    path: str

    @property
    def beat(self) -> tuple[str, str] | None:
        """Where beats go, and the signed facts of the page; ``None`` on a page without our script."""
        found = _BEAT.search(self.text)
        return (unescape(found[1]), unescape(found[2])) if found else None

    @property
    def token(self) -> str:
        """The token of the page's forms; empty without one."""
        found = _TOKEN.search(self.text)
        return found[1] if found else ""

    @property
    def products(self) -> tuple[str, ...]:
        """Addresses of the products that the page links to."""
        return tuple(sorted(set(_PRODUCT.findall(self.text))))

    @property
    def add_to_basket(self) -> str:
        """Where the page's product is put into the basket; empty without one."""
        found = _ADD.search(self.text)
        return found[1] if found else ""


@dataclass(slots=True)
class Browser:
    """One browser of the shop at ``address``, such as ``http://localhost:8000``; raises ``OSError`` when nobody answers."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page and follow it where it leads."""
        for _hop in range(5):
            answer, leads_to = self._ask("GET", path, None, {"Sec-Fetch-Site": "none"})
            if not leads_to:
                return answer
            path = leads_to
        return answer

    def submit(self, path: str, token: str, **fields: str) -> Answer:
        """Send a form with its token."""
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": urljoin(self.address, path)}
        return self._ask("POST", path, body, headers)[0]

    def beat(self, path: str, told: dict[str, object]) -> Answer:
        """Send a beat as our script does."""
        headers = {"Content-Type": "text/plain;charset=UTF-8", "Sec-Fetch-Site": "same-origin", "Origin": self.address}
        return self._ask("POST", path, json.dumps(told), headers)[0]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[Answer, str]:
        parts = urlsplit(self.address)
        maker = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = maker(parts.netloc, timeout=TIMEOUT)
        sent = {"User-Agent": AGENT, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        leads_to = response.headers.get("Location", "") if 300 <= response.status < 400 else ""  # noqa: PLR2004 - redirects
        target = urlsplit(urljoin(f"{self.address}{path}", leads_to))
        return Answer(response.status, text, path), target.path if leads_to else ""
