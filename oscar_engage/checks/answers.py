"""Can what the settings say and name be used?"""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from oscar_engage.checks.given import Apps, importable, settings_or_none
from oscar_engage.conf import EngageSettings, InvalidSettingError, get_settings
from oscar_engage.desk.acts.registry import ACTS, RESET_MAIL
from oscar_engage.visitors.consent import ConsentLevel

READY_MADE = "oscar_engage.reminders.permission.has_opted_in"


@register("oscar_engage")
def check_settings(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E001: ``OSCAR_ENGAGE`` has an unknown key or a value we cannot use."""
    try:
        get_settings()
    except (InvalidSettingError, TypeError, ValueError) as error:
        return [
            Error(
                f"The setting OSCAR_ENGAGE cannot be used: {error}",
                hint="docs/settings.md lists every key with its meaning and default.",
                id="oscar_engage.E001",
            )
        ]
    return []


@register("oscar_engage")
def check_consent(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E002: the consent callable cannot be imported. W004: it is the default, so nothing proactive ever shows."""
    settings = settings_or_none()
    if settings is None:
        return []
    if not callable(importable(settings.consent)):
        return [
            Error(
                f"OSCAR_ENGAGE['CONSENT'] names {settings.consent!r}, which cannot be imported or called.",
                hint="Name a callable(request) -> ConsentLevel by its dotted path, such as 'myshop.consent.consent_level'.",
                id="oscar_engage.E002",
            )
        ]
    if settings.consent == EngageSettings().consent:
        return [
            Warning(
                "OSCAR_ENGAGE['CONSENT'] is the default, no consent from anybody: nothing proactive is ever shown.",
                hint="Set OSCAR_ENGAGE = {'CONSENT': 'myshop.consent.consent_level'}; README.md shows such a callable.",
                id="oscar_engage.W004",
            )
        ]
    return []


@register("oscar_engage")
def check_consent_groups(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E007: ``CONSENT_GROUPS`` gives a word that is no level of consent."""
    settings = settings_or_none()
    levels = ConsentLevel.__members__
    wrong = sorted({level for _group, level in settings.consent_groups if level.upper() not in levels}) if settings else []
    return [
        Error(
            f"OSCAR_ENGAGE['CONSENT_GROUPS'] names the level {level!r}, which there is not.",
            hint=f"Use one of: {', '.join(levels)}.",
            id="oscar_engage.E007",
        )
        for level in wrong
    ]


@register("oscar_engage")
def check_availability(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E003: ``AVAILABILITY`` does not name a class with ``free_agents``."""
    settings = settings_or_none()
    if settings is None or hasattr(importable(settings.availability), "free_agents"):
        return []
    return [
        Error(
            f"OSCAR_ENGAGE['AVAILABILITY'] names {settings.availability!r}, which is no class with a method free_agents.",
            hint="Name a class as in oscar_engage.decisions.ports.Availability, or leave the key out.",
            id="oscar_engage.E003",
        )
    ]


@register("oscar_engage")
def check_shop(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E009: ``SHOP`` does not name a class with its four methods, or ``COUNTRY`` or ``DELIVERY`` no callable."""
    settings = settings_or_none()
    if settings is None:
        return []
    found: list[CheckMessage] = []
    named = importable(settings.shop)
    if not all(hasattr(named, method) for method in ("product", "categories", "customer", "country")):
        found.append(
            Error(
                f"OSCAR_ENGAGE['SHOP'] names {settings.shop!r}, which is no class with what rules ask of a shop.",
                hint="Name a class as in oscar_engage.rules.ports.Shop, or leave the key out.",
                id="oscar_engage.E009",
            )
        )
    asked = (("COUNTRY", settings.country, "request"), ("DELIVERY", settings.delivery, "product_id"))
    return found + [
        Error(
            f"OSCAR_ENGAGE[{key!r}] names {path!r}, which cannot be imported or called.",
            hint=f"Name a callable({argument}) -> str by its dotted path, such as 'myshop.engage.{key.lower()}'.",
            id="oscar_engage.E009",
        )
        for key, path, argument in asked
        if path and not callable(importable(path))
    ]


@register("oscar_engage")
def check_acts_off(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E014: ``ACTS_OFF`` names no act, so that something is on which the shop believes to be off."""
    settings = settings_or_none()
    known = (*ACTS.names(), RESET_MAIL)
    return [
        Error(
            f"OSCAR_ENGAGE['ACTS_OFF'] names {name!r}, which is no act.",
            hint=f"Write a list of some of {', '.join(known)}.",
            id="oscar_engage.E014",
        )
        for name in (settings.acts_off if settings else ())
        if name not in known
    ]


@register("oscar_engage")
def check_mail_permission(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E008: ``MAIL_PERMISSION`` cannot be imported. W012: mails about baskets are on, and nobody is ever asked for them."""
    settings = settings_or_none()
    if settings is None:
        return []
    if not callable(importable(settings.mail_permission)):
        return [
            Error(
                f"OSCAR_ENGAGE['MAIL_PERMISSION'] names {settings.mail_permission!r}, which cannot be imported or called.",
                hint=f"Name a callable(customer) -> bool by its dotted path, such as {READY_MADE!r}.",
                id="oscar_engage.E008",
            )
        ]
    if settings.abandoned_mail_minutes and settings.mail_permission == EngageSettings().mail_permission:
        return [
            Warning(
                "OSCAR_ENGAGE['ABANDONED_MAIL_MINUTES'] is set, but MAIL_PERMISSION is the default: no mail is ever sent.",
                hint=f"Set 'MAIL_PERMISSION': {READY_MADE!r}; docs/abandoned-baskets.md says what comes with it.",
                id="oscar_engage.W012",
            )
        ]
    return []
