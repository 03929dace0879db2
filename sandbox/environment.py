"""What the sandbox takes from its surroundings: where it may write, which database, its secret."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    # A transaction that reads first and writes later fails at once in SQLite's default mode when
    # another process wrote in between (no busy timeout applies); IMMEDIATE makes it wait its turn.
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000",
}


def writable_directory(base: Path) -> Path:
    """The folder for everything the shop writes; ``ENGAGE_SANDBOX_VAR`` moves it."""
    folder = Path(os.environ.get("ENGAGE_SANDBOX_VAR") or base / "var")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(var: Path) -> str:
    """The shop's secret, made at the first start and kept in ``var``."""
    path = var / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


def database(url: str | None, *, var: Path) -> dict[str, Any]:
    """Django's settings for ``postgresql://user:password@host:port/name``; SQLite in ``var`` without a URL.

    Raises ``ImproperlyConfigured`` for any other kind of URL.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": var / "shop.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 600,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("ENGAGE_DATABASE_URL must look like postgresql://user@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
    }
