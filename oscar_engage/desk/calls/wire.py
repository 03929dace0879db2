"""How does a request reach another machine, and no other than meant? By TLS to an address that was looked at before.

The name is resolved once, every address it has must be a public one, and the connection goes to the one that was looked at:
what the name says a moment later does not matter. Redirections are not followed.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT = 5.0
"""Seconds for the connection, and for each wait after that."""

_MOST_READ = 1024

Resolve = Callable[[str, int], Sequence[str]]


class UnreachableError(OSError):
    """The request was not sent, or not answered with success. The text holds no address and nothing of the request.

    ``status`` is what HTTP answered, ``None`` where nothing did.
    """

    def __init__(self, said: str, *, status: int | None = None) -> None:
        super().__init__(said)
        self.status = status


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of ``host``; raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other machine said: the ``status`` of HTTP, and as much of the ``body`` as was asked for."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether HTTP calls it a success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls success


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allows_private: bool = False,
    find: Resolve = resolve,
    context: ssl.SSLContext | None = None,
    timeout: float = TIMEOUT,
) -> int:
    """Send ``body`` to ``url``, which has to be https, and return the status, a success; else raise :class:`UnreachableError`.

    ``allows_private``: addresses of the shop's own network are meant, too.
    """
    answer = ask("POST", url, body, headers, allows_private=allows_private, find=find, context=context, timeout=timeout)
    if not answer.is_success:
        raise UnreachableError(f"status {answer.status}", status=answer.status)
    return answer.status


def ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    allows_private: bool = False,
    find: Resolve = resolve,
    context: ssl.SSLContext | None = None,
    timeout: float = TIMEOUT,
    most_read: int = _MOST_READ,
) -> Answer:
    """Make one request to ``url``, which has to be https, and return the answer, whatever its status.

    At most ``most_read`` bytes of it are read. Raises :class:`UnreachableError` where nothing answered.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise UnreachableError("not https")
    try:
        port = parts.port or 443
        address = _choose(find(parts.hostname, port), allows_private=allows_private)
        connection = _Pinned(parts.hostname, port, address, context or ssl.create_default_context(), timeout)
        try:
            target = parts.path or "/"
            connection.request(method, f"{target}?{parts.query}" if parts.query else target, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(most_read))
        finally:
            connection.close()
    except UnreachableError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(type(error).__name__) from None


def _choose(addresses: Sequence[str], *, allows_private: bool) -> str:
    """Return the first address if each of them may be connected to: one that may not spoils all."""
    if not addresses:
        raise UnreachableError("no address")
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        plain = getattr(address, "ipv4_mapped", None) or address
        is_own = allows_private and plain.is_private and not plain.is_link_local
        if not (plain.is_global or is_own) or plain.is_multicast:
            raise UnreachableError("address refused")
    return addresses[0]


class _Pinned(HTTPSConnection):
    """A connection to one address, whose certificate has to be the name's."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        plain = socket.create_connection((self._address, self.port), timeout=self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
