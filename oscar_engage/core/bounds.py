"""Can the shop's settings be kept? Bounds of numbers, names of choices, and what is written in a small language of its own."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from oscar_engage.core.kinds import complain
from oscar_engage.core.modules import MODULES
from oscar_engage.core.opening import Hours, WrongHoursError, clean_hours
from oscar_engage.core.pushing import Push, WrongPushError, clean_push
from oscar_engage.core.quiet import Quiet, WrongQuietError, clean_quiet
from oscar_engage.core.sensors import Changed, WrongSensorError, clean_sensors

_DAYS_KEPT = (
    *("retention_days", "transcript_retention_days", "visitor_retention_days", "snapshot_retention_days"),
    "webhook_log_days",
)
_PER_NETWORK = ("newcomers_per_network", "beats_per_network", "visitors_per_network")
_POSITIVE = (
    *("visit_minutes", "abandoned_minutes", "promised_minutes", "attribution_days", "return_days"),
    *("queue_limit", "signals_per_visit", "live_rules", "live_conditions"),
    *("costly_budget_ms", "costly_patience_ms", "attachment_mb"),
    *("act_minutes", "act_voucher_hours"),
    *("reply_days", "rest_minutes", "largest_mail"),
    *("dialer_wait_seconds", "calls_per_hour"),
)
_NOT_NEGATIVE = (
    *("attachments_per_message", "warm_up_minutes", "auto_away_minutes", "customer_head_start", "act_vouchers_per_day"),
    *("offers_per_visit", "offers_per_week", "cooldown_days", "quiet_seconds"),
    *("worker_silent_minutes", "survey_days", "shared_page_days"),
)
_ATTACHED = ("jpeg", "png", "webp", "gif", "pdf", "text")  # the names in desk.carry.filetype, which stands above us
_CURRENCY = 3  # letters of ISO 4217
_SNAPSHOT_PAGES = {"home", "category", "product", "search", "basket", "other"}
_DIALERS = ("strict", "predictive")
_LARGEST_LATE_SHARE = 0.5
_INVITATION_SECONDS = range(10, 601)
_LEARNING_HOURS = range(24)
_LEARNING_SECONDS = range(30, 3601)
LARGEST_HOLDOUT = 0.5  # beyond a half, holding out costs more than it can teach


MOVED = {
    "LEARNING": 'leave it out, or name "learning" in MODULES_OFF where it was False.',
    "SHARED_PAGE": 'leave it out, or name "shared_page" in MODULES_OFF where it was False.',
}
"""What to type instead of settings that there were."""


class InvalidSettingError(ValueError):
    """A key or value in ``OSCAR_ENGAGE`` that we cannot use; the message says what to type instead."""


_SHORTEST_SECRET = 16  # characters


def values_of(raw: object, fields: Iterable["Field[Any]"]) -> dict[str, Any]:
    """Return the values of ``OSCAR_ENGAGE`` under the names of the settings' ``fields``, read and frozen.

    What is no dictionary, has a key that is none of the names in capitals (and where a former one has gone, or which one may be
    meant), or a value of another kind than its field, raises :class:`InvalidSettingError`.
    """
    if not isinstance(raw, Mapping):
        raise InvalidSettingError(
            """OSCAR_ENGAGE is a dictionary, such as {"CONSENT": "myshop.consent.consent_level"}, and this is of the type """
            f"{type(raw).__name__}."
        )
    known = {field.name.upper(): field for field in fields}
    for key in raw:
        _check_known(key, known)
    return {known[key].name: _read(known[key], key, value) for key, value in raw.items()}


def _check_known(key: Any, known: Mapping[str, Any]) -> None:
    if key in known:
        return
    if key in MOVED:
        raise InvalidSettingError(f"OSCAR_ENGAGE[{key!r}] is no more: {MOVED[key]}")
    close = get_close_matches(str(key).upper(), known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else "docs/settings.md lists those that there are."
    raise InvalidSettingError(f"OSCAR_ENGAGE has no setting {key!r}; {meant}")


def _read(field: "Field[Any]", key: str, value: Any) -> Any:
    if key in READERS:
        return READERS[key](value)
    frozen = freeze(value)
    if complaint := complain(field, frozen):
        raise InvalidSettingError(f"OSCAR_ENGAGE[{key!r}] {complaint}.")
    return frozen


def check_bounds(settings: Any) -> None:
    """Raise :class:`InvalidSettingError` for the first of ``settings`` (``conf.EngageSettings``) that is out of bounds."""
    if not 0 <= settings.shop_holdout <= LARGEST_HOLDOUT:
        raise InvalidSettingError("OSCAR_ENGAGE['SHOP_HOLDOUT'] is a share between 0 and 0.5, such as 0.10.")
    for name in (*_POSITIVE, *_PER_NETWORK, *_DAYS_KEPT):
        if getattr(settings, name) <= 0:
            raise InvalidSettingError(f"OSCAR_ENGAGE[{name.upper()!r}] is a number above 0.")
    if not set(settings.modules_off) <= set(MODULES):
        raise InvalidSettingError(f"OSCAR_ENGAGE['MODULES_OFF'] is a list of some of {', '.join(MODULES)}.")
    _check_webhook(dict(settings.call_webhook))
    _check_outside(settings.outside_desk)
    _check_voices(dict(settings.voices_turn), dict(settings.voices_room), is_relay_only=settings.voices_relay_only)
    if settings.abandoned_mail_minutes < 0:
        raise InvalidSettingError("OSCAR_ENGAGE['ABANDONED_MAIL_MINUTES'] is a number, such as 1200, or 0 for no mails.")
    for name in _NOT_NEGATIVE:
        if getattr(settings, name) < 0:
            raise InvalidSettingError(f"OSCAR_ENGAGE[{name.upper()!r}] is a number from 0 on.")
    if not 1 <= settings.abandoned_mail_days <= settings.retention_days:
        raise InvalidSettingError("OSCAR_ENGAGE['ABANDONED_MAIL_DAYS'] is a number from 1 to RETENTION_DAYS, such as 30.")
    _check_pages(settings)
    _check_dialer(settings)
    _check_reports(settings)
    _check_learning(settings)
    if settings.site_url and not _SITE.fullmatch(settings.site_url):
        raise InvalidSettingError(
            "OSCAR_ENGAGE['SITE_URL'] is scheme and host, such as 'https://shop.example'; else links in mails lead nowhere."
        )
    if settings.proxies < 0:
        raise InvalidSettingError("OSCAR_ENGAGE['PROXIES'] is a number, such as 1, or 0 without any.")
    if not set(settings.attachment_types) <= set(_ATTACHED):
        raise InvalidSettingError(f"OSCAR_ENGAGE['ATTACHMENT_TYPES'] is a list of some of {', '.join(_ATTACHED)}.")
    if not set(settings.privacy_signals) <= {"Sec-GPC", "DNT"}:
        raise InvalidSettingError("OSCAR_ENGAGE['PRIVACY_SIGNALS'] is a list of none, one or both of 'Sec-GPC' and 'DNT'.")


def _check_pages(settings: Any) -> None:
    if settings.snapshot_retention_days > settings.transcript_retention_days:
        raise InvalidSettingError(
            "OSCAR_ENGAGE['SNAPSHOT_RETENTION_DAYS'] is a number from 1 to TRANSCRIPT_RETENTION_DAYS, such as 30."
        )
    if settings.shared_page_days > settings.transcript_retention_days:
        raise InvalidSettingError(
            "OSCAR_ENGAGE['SHARED_PAGE_DAYS'] is a number from 0 to TRANSCRIPT_RETENTION_DAYS, such as 14, or 0 for none."
        )
    if not set(settings.snapshot_pages) <= _SNAPSHOT_PAGES:
        raise InvalidSettingError(f"OSCAR_ENGAGE['SNAPSHOT_PAGES'] is a list of some of {', '.join(sorted(_SNAPSHOT_PAGES))}.")


def _check_learning(settings: Any) -> None:
    if settings.learning_hour not in _LEARNING_HOURS:
        raise InvalidSettingError("OSCAR_ENGAGE['LEARNING_HOUR'] is a whole number from 0 to 23, such as 3.")
    if settings.learning_max_seconds not in _LEARNING_SECONDS:
        raise InvalidSettingError("OSCAR_ENGAGE['LEARNING_MAX_SECONDS'] is a whole number from 30 to 3600, such as 600.")
    if not 0 <= settings.learning_explores <= 1:
        raise InvalidSettingError("OSCAR_ENGAGE['LEARNING_EXPLORES'] is a share between 0 and 1, such as 0.10.")
    if not settings.learning_reserve >= 0:
        raise InvalidSettingError("OSCAR_ENGAGE['LEARNING_RESERVE'] is an amount in the shop's currency, such as 500, or 0.")


def _check_reports(settings: Any) -> None:
    for name in ("report_daily", "report_weekly"):
        if not all("@" in address and language for address, language in getattr(settings, name)):
            raise InvalidSettingError(
                f"""OSCAR_ENGAGE[{name.upper()!r}] is a dictionary of addresses and languages, such as """
                """{"owner@shop.example": "en"}."""
            )


def _check_dialer(settings: Any) -> None:
    if settings.dialer not in _DIALERS:
        raise InvalidSettingError("OSCAR_ENGAGE['DIALER'] is 'strict' or 'predictive'.")
    if not 0 < settings.dialer_late_share <= _LARGEST_LATE_SHARE:
        raise InvalidSettingError("OSCAR_ENGAGE['DIALER_LATE_SHARE'] is a share above 0, up to 0.5, such as 0.03.")
    if settings.invitation_seconds not in _INVITATION_SECONDS:
        raise InvalidSettingError("OSCAR_ENGAGE['INVITATION_SECONDS'] is a whole number from 10 to 600, such as 60.")


def freeze(value: Any) -> Any:
    """Return what a shop wrote as a list, a set or a dictionary as tuples."""
    if isinstance(value, Mapping):
        return tuple(value.items())
    if isinstance(value, set | frozenset):
        return tuple(sorted(value, key=str))
    return tuple(value) if isinstance(value, list) else value


def read_sensors(raw: object) -> Changed:
    """Return the sensors as they are kept, or raise :class:`InvalidSettingError`."""
    try:
        return clean_sensors(raw)
    except WrongSensorError as error:
        raise InvalidSettingError(str(error)) from None


def read_push(raw: object) -> Push | None:
    """Return the way to wake as it is kept (``None``: nobody is woken), or raise :class:`InvalidSettingError`."""
    if raw is None:
        return None
    try:
        return clean_push(raw)
    except WrongPushError as error:
        raise InvalidSettingError(str(error)) from None


def read_hours(raw: object) -> Hours:
    """Return the hours as they are kept, or raise :class:`InvalidSettingError`."""
    try:
        return clean_hours(raw)
    except WrongHoursError as error:
        raise InvalidSettingError(f"OSCAR_ENGAGE['OPENING_HOURS']: {error}") from None


def read_quiet(raw: object) -> Quiet:
    """Return the quiet hours as they are kept, or raise :class:`InvalidSettingError`."""
    try:
        return clean_quiet(raw)
    except WrongQuietError as error:
        raise InvalidSettingError(f"OSCAR_ENGAGE['QUIET_HOURS']: {error}") from None


def read_amounts(raw: object) -> tuple[tuple[str, Decimal], ...]:
    """Return the amounts by currency, or raise :class:`InvalidSettingError`."""
    try:
        amounts = tuple((str(currency), Decimal(str(amount))) for currency, amount in dict(raw).items())  # type: ignore[call-overload]  # refused below
    except (ArithmeticError, TypeError, ValueError):
        amounts = (("", Decimal(0)),)
    if not all(len(currency) == _CURRENCY and amount.is_finite() and amount > 0 for currency, amount in amounts):
        raise InvalidSettingError("""OSCAR_ENGAGE['FREE_SHIPPING_FROM'] is a dictionary such as {"GBP": "75.00"}.""")
    return amounts


def _check_webhook(webhook: dict[str, Any]) -> None:
    if not webhook:
        return
    is_whole = {"URL", "SECRET"} <= set(webhook) <= {"URL", "SECRET", "PRIVATE"}
    if not is_whole or not str(webhook["URL"]).startswith("https://") or len(str(webhook["SECRET"])) < _SHORTEST_SECRET:
        raise InvalidSettingError(
            "OSCAR_ENGAGE['CALL_WEBHOOK'] has a URL that begins with https:// and a SECRET of 16 characters or more, such as"
            ' {"URL": "https://pbx.example/dial", "SECRET": os.environ["DIAL_SECRET"]}.'
        )


def _check_outside(desk: Any) -> None:
    if desk and "." not in str(dict(desk).get("ADAPTER", "")):
        raise InvalidSettingError(
            "OSCAR_ENGAGE['OUTSIDE_DESK'] is a dictionary with an ADAPTER, such as"
            ' {"ADAPTER": "oscar_engage.outside.chatwoot.Chatwoot", "URL": "https://chat.example", …}: docs/outside-desk.md.'
        )


_TURN = re.compile(r"(?:stun|turns?):[\w.\-\[\]:]+(?:\?transport=(?:udp|tcp))?", re.ASCII)
_HOST = re.compile(r"[\w.-]+(?::\d+)?", re.ASCII)
_SITE = re.compile(r"https?://[^\s/]+(?:/\S*)?", re.IGNORECASE)


def _check_voices(turn: dict[str, Any], room: dict[str, Any], *, is_relay_only: bool) -> None:
    given = turn.get("URLS", ())
    urls = given if isinstance(given, list | tuple) else ("",)  # a text would be read letter by letter
    is_known = set(turn) <= {"URLS", "SECRET"} and all(_TURN.fullmatch(str(url)) for url in urls)
    needs_secret = any(str(url).startswith("turn") for url in urls)
    if not is_known or (turn and not urls) or (needs_secret and len(str(turn.get("SECRET", ""))) < _SHORTEST_SECRET):
        raise InvalidSettingError(
            "OSCAR_ENGAGE['VOICES_TURN'] has URLS, a list of addresses such as 'turn:turn.shop.example:3478', and a SECRET of"
            " 16 characters or more, the relay's static-auth-secret."
        )
    if is_relay_only and not needs_secret:
        raise InvalidSettingError("OSCAR_ENGAGE['VOICES_RELAY_ONLY'] needs a relay (turn: or turns:) in VOICES_TURN.")
    is_link = set(room) == {"TEMPLATE"} and str(room["TEMPLATE"]).startswith("https://")
    is_jitsi = "HOST" in room and set(room) <= {"HOST", "APP_ID", "SECRET"} and _HOST.fullmatch(str(room["HOST"]))
    if room and not (is_link or (is_jitsi and ("SECRET" in room) == ("APP_ID" in room))):
        raise InvalidSettingError(
            "OSCAR_ENGAGE['VOICES_ROOM'] is {'TEMPLATE': 'https://meet.example/{room}'} or {'HOST': 'meet.example'}, that one"
            " with both of APP_ID and SECRET or with neither."
        )


READERS: Mapping[str, Callable[[Any], Any]] = {
    "SENSORS": read_sensors,
    "OPENING_HOURS": read_hours,
    "QUIET_HOURS": read_quiet,
    "FREE_SHIPPING_FROM": read_amounts,
    "PUSH": read_push,
}
"""By what a setting is read that a shop writes otherwise than it is kept."""
