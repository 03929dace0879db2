"""How is Chatwoot asked? JSON over HTTPS with the token of one of its users, and only to an address that was looked at."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from oscar_engage.desk.calls.wire import UnreachableError, ask
from oscar_engage.outside.port import GoneError, OutsideError

LARGEST_ANSWER = 2_000_000
"""Bytes of an answer that are read: a hundred long messages."""


class RefusedError(OutsideError):
    """It understood, and would not: something in the request is taken, or wrong (422)."""


class Client:
    """Asks the API of one account."""

    def __init__(self, base: str, account: int, token: str, *, allows_private: bool) -> None:
        """Ask the Chatwoot at ``base``; ``allows_private``: it may be in the shop's own network."""
        self._root = f"{base}/api/v1/accounts/{account}"
        self._headers = {"api_access_token": token, "accept": "application/json", "content-type": "application/json"}
        self._allows_private = allows_private

    def get(self, path: str, **query: str) -> Any:
        """Return what is at ``path`` below the account."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, data: Mapping[str, Any]) -> Any:
        """Send ``data`` to ``path`` and return the answer."""
        return self._ask("POST", path, data)

    def delete(self, path: str) -> None:
        """Delete what is at ``path``; what is gone already is no error."""
        try:
            self._ask("DELETE", path)
        except GoneError:
            return

    def _ask(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        body = None if data is None else json.dumps(data, ensure_ascii=False).encode()
        url, private = f"{self._root}/{path}", self._allows_private
        try:
            answer = ask(method, url, body, self._headers, allows_private=private, most_read=LARGEST_ANSWER)
        except UnreachableError as error:
            raise OutsideError(str(error)) from None
        if answer.status == HTTPStatus.NOT_FOUND:
            raise GoneError("status 404")
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise RefusedError("status 422")
        if not answer.is_success:
            raise OutsideError(f"status {answer.status}")
        try:
            return json.loads(answer.body) if answer.body.strip() else {}
        except ValueError:
            raise OutsideError("an answer that is no JSON") from None
