"""From where may a replay load pictures and stylesheets? From where the shop's own files are, and nowhere else."""

from urllib.parse import urlsplit

from django.conf import settings as django_settings


def file_bases() -> tuple[str, ...]:
    """Return the beginnings of addresses of static files and pictures; with a host where the shop has them on another."""
    bases = (str(django_settings.STATIC_URL or ""), str(django_settings.MEDIA_URL or ""))
    return tuple(base for base in bases if is_narrow(base))


def is_narrow(base: str) -> bool:
    """Whether ``base`` is a folder below a host, not all of it: ``/`` would let a replay ask for any page of the shop."""
    return urlsplit(base).path.strip("/") != "" and base.endswith("/")


def file_sources(host: str) -> str:
    """Return the same as sources of a ``Content-Security-Policy``; ``host`` is the shop's own, with its scheme."""
    return " ".join(base if "//" in base else f"{host}{base}" for base in file_bases()) or "'none'"
