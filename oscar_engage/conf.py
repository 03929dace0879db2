"""What has the shop decided? ``settings.OSCAR_ENGAGE`` as one frozen, validated value."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed

from oscar_engage.core.bounds import LARGEST_HOLDOUT, InvalidSettingError, check_bounds, values_of
from oscar_engage.core.modules import switched_off
from oscar_engage.core.opening import Hours
from oscar_engage.core.pushing import Push
from oscar_engage.core.quiet import Quiet
from oscar_engage.core.sensors import Changed

__all__ = ["LARGEST_HOLDOUT", "EngageSettings", "InvalidSettingError", "get_settings"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EngageSettings:
    """Every setting with its default. In ``OSCAR_ENGAGE`` the names are written in capitals."""

    enabled: bool = True
    """Off: no tag in the page, no query, receivers return at once."""

    modules_off: tuple[str, ...] = ()
    """The modules that you do not use, of ``rules``, ``surveys``, ``learning``, ``desk``, ``chat``, ``calls``, ``shared_page``,
    ``voices`` and ``outside``, such as ``("calls", "learning")``: what belongs to them is not there. See docs/modules.md."""

    database: str = "default"
    """Alias of the database that holds our tables; for another than ``"default"`` see docs/operations.md, "Databases"."""

    consent: str = "oscar_engage.visitors.consent.no_consent"
    """Dotted path of ``callable(request) -> ConsentLevel``, the shop's own answer to "what did this visitor agree to?"."""

    privacy_signals: tuple[str, ...] = ("Sec-GPC", "DNT")
    """The headers by which a browser refuses personalisation and the link to an order; leave out one that you do not honour."""

    availability: str = "oscar_engage.desk.availability.DeskAvailability"
    """Dotted path of a class with the methods of ``decisions.ports.Availability``."""

    costly_budget_ms: int = 50
    """Milliseconds in which the costly variables of one beat are asked together; once they are spent, the others are
    unknown."""

    costly_patience_ms: int = 5000
    """Milliseconds that a worker waits for a variable with a ``ttl``; then its last value stays, and the job is done."""

    shop: str = "oscar_engage.shop.answers.OscarShop"
    """Dotted path of a class with the methods of ``rules.ports.Shop``: what rules ask about products, categories, customers."""

    country: str = ""
    """Dotted path of ``callable(request) -> str``: the two letters of the shopper's country, for instance from a header that
    your network adds. Empty: only an address tells it."""

    opening_hours: Hours = ()
    """When somebody is there, by ``TIME_ZONE``, such as ``{"mon-fri": "9:00-12:30, 14:00-18:00", "sat": "10:00-14:00"}``, for
    rules on the time. Empty: whether it is open is not known."""

    free_shipping_from: tuple[tuple[str, Decimal], ...] = ()
    """From which total shipping is free, by currency, such as ``{"GBP": "75.00"}``, for rules on what is missing to it."""

    delivery: str = ""
    """Dotted path of ``callable(product_id) -> str``: when it would arrive, in the language of the moment; empty: not known."""

    returned_statuses: tuple[str, ...] = ("Cancelled", "Returned")
    """Your names for the statuses of orders that came back or were cancelled: they count as returns, and as nothing spent."""

    cancelled_statuses: tuple[str, ...] = ("Cancelled",)
    """Which ``RETURNED_STATUSES`` mean cancelled, not come back: only the report on side effects tells the two apart."""

    return_days: int = 30
    """Days after an order within which goods come back to you: so long reports that count orders count a day anew."""

    complaint_topics: tuple[str, ...] = ("return", "complaint")
    """Short names of the topics (docs/agents.md) whose conversations count as complaints, beside those rated 1 or 2 of 5."""

    open_statuses: tuple[str, ...] = ("Pending", "Being processed")
    """Your names for the statuses of orders that have not been sent yet."""

    salt: str = "oscar-engage"
    """Key of every experiment's hash; changing it draws all hold-outs anew."""

    shop_holdout: float = 0.10
    """Share of visitors who are never engaged proactively, in [0, 0.5]: they measure the whole product."""

    learning_hour: int = 3
    """The hour of the day, by ``TIME_ZONE``, from which on models learn each night; 0 to 23. See
    docs/learning-unattended.md."""

    learning_max_seconds: int = 600
    """Seconds, 30 to 3600, for training one model, by clock and by processor; then it counts as failed: nothing changes."""

    learning_explores: float = 0.10
    """Share of the moments that the model is against which go on all the same, in [0, 1]: else nothing more is learnt where it
    is sure. 0: it is always heeded; 1: never. See docs/learning.md."""

    learning_reserve: float = 500.0
    """From which basket on, or which sum that a customer has spent, nobody else's gain takes the agent's place; in the shop's
    currency. 0: nobody has one kept."""

    visit_minutes: int = 30
    """Minutes without activity after which a visit has ended (the web-analytics convention)."""

    abandoned_minutes: int = 60
    """Minutes without a sign of the visitor after which a basket with something in it counts as abandoned."""

    abandoned_mail_minutes: int = 0
    """Minutes after a basket counts as abandoned until its customer may get one mail about it, such as 1200; 0: no mails. See
    docs/abandoned-baskets.md."""

    abandoned_mail_days: int = 30
    """Days in which one customer gets one such mail at most; not more than ``RETENTION_DAYS``, which is how long we know."""

    mail_permission: str = "oscar_engage.reminders.permission.never"
    """Dotted path of ``callable(customer) -> bool | str``: did this customer ask for such mails, and in which language?
    ``"oscar_engage.reminders.permission.has_opted_in"`` is the ready-made answer."""

    offers_per_visit: int = 1
    """Proactive offers in one visit, at most."""

    offers_per_week: int = 3
    """Proactive offers to one visitor in seven days, at most."""

    cooldown_days: int = 30
    """Days without a proactive offer after a visitor dismissed one."""

    survey_days: int = 30
    """Days in which one shopper is asked one survey at most, on all devices; 0: only each survey's own wait counts."""

    quiet_seconds: float = 2.0
    """Seconds after a page was opened in which nothing appears."""

    quiet_hours: Quiet = ((0, 360),)
    """When no proactive offer is made, each day by ``TIME_ZONE``: ``"22:00-7:00"``, several with a comma between, ``""`` for
    never. Service rules, and what shoppers open themselves, go on. The default is ``"0:00-6:00"``."""

    attribution_days: int = 7
    """Days after an eligible moment in which an order counts for it, in every arm alike."""

    promised_minutes: int = 40
    """Minutes within which an agent answers, at any hour, where no policy (docs/promises.md) fits; the receipt says so."""

    queue_limit: int = 200
    """Conversations of one kind that wait for an agent; at more, the next shopper reads that the desk is busy. The desk lists
    as many."""

    dialer: str = "strict"
    """How many shoppers are invited to a chat at once: ``"strict"``, one for each free slot, or ``"predictive"``, as many as
    will find one in time, by what your shop has measured. See docs/dialer.md."""

    dialer_late_share: float = 0.03
    """For the predictive dialer: the share of those who accept that may wait longer than ``DIALER_WAIT_SECONDS``, up to 0.5."""

    dialer_wait_seconds: int = 20
    """Seconds after which an accepted invitation counts as late."""

    invitation_seconds: int = 60
    """Seconds after which an invitation that nobody answers goes away and its place is given to somebody else; 10 to 600."""

    call_provider: str = "oscar_engage.desk.calls.provider.TelLink"
    """Dotted path of a class with the methods of ``desk.calls.provider.Provider``: who dials. See docs/call-backs.md."""

    call_webhook: tuple[tuple[str, Any], ...] = ()
    """For ``desk.calls.webhook.SignedWebhook``: ``{"URL": "https://pbx.example/dial", "SECRET": "…"}``; with ``"PRIVATE":
    True`` the address may be one of your own network."""

    calls_per_hour: int = 60
    """Calls that all shoppers together may ask for within an hour; at more, the next one reads that the desk is busy."""

    webhook_private_hosts: tuple[str, ...] = ()
    """Hosts of your own network that webhooks may reach, such as ``("crm.internal",)``; all others have to be public. See
    docs/webhooks.md."""

    webhook_log_days: int = 30
    """Days for which it can be looked up what became of each webhook that was sent."""

    outside_desk: tuple[tuple[str, Any], ...] = ()
    """Your other help desk, in which conversations are answered, too: ``{"ADAPTER": "oscar_engage.outside.chatwoot.Chatwoot",
    "URL": "https://chat.example", …}``. See docs/outside-desk.md."""

    warm_up_minutes: int = 0
    """Minutes after an agent has come online in which one chat at once is enough; 0: as many as the capacity at once."""

    worker_silent_minutes: int = 5
    """Minutes without anything done in the background after which each page of the dashboard says that no worker runs; 0: none
    says so."""

    auto_away_minutes: int = 20
    """Minutes without anything done by hand after which an agent who is online is set away; 0: never."""

    customer_head_start: int = 60
    """Seconds by which the questions of customers with an account count as having waited longer than those of others."""

    engagements_by_two: bool = False
    """Whether the draft of an engagement is published by somebody else than who wrote it. See docs/engagements.md."""

    acts_off: tuple[str, ...] = ()
    """What agents may not do for shoppers (docs/acting-for-shoppers.md), such as ``("voucher.give", "account.reset_mail")``."""

    act_minutes: int = 10
    """Minutes in which a shopper can say yes to what an agent proposed."""

    act_voucher_templates: tuple[str, ...] = ()
    """Codes of the vouchers by whose example agents may give a fresh one, for one use in one basket, with the same offers."""

    act_voucher_hours: int = 24
    """Hours after which such a voucher ends; within them, one shopper gets one."""

    act_vouchers_per_day: int = 5
    """Vouchers that one agent may apply or give within 24 hours; 0: none."""

    attachment_storage: str = ""
    """Alias in ``STORAGES`` for the files of messages: a place of their own that no web server serves. Empty: messages carry no
    files. See docs/carry.md, "Files"."""

    attachment_types: tuple[str, ...] = ("jpeg", "png", "webp", "gif", "pdf", "text")
    """The types of files that are taken, of ``jpeg``, ``png``, ``webp``, ``gif``, ``pdf`` and ``text``."""

    attachment_mb: int = 5
    """Megabytes of one file, at most."""

    attachments_per_message: int = 3
    """Files in one message, at most; 0: none."""

    newcomers_per_network: int = 20
    """Questions within an hour that one process takes from one network (/24, /64) by browsers without our cookie."""

    beats_per_network: int = 3000
    """Reports of browsers within a minute that one process takes from one network (/24, /64): some 250 shoppers at once."""

    visitors_per_network: int = 60
    """New visitors within a minute that one process takes from one network; who refuses our cookie is new each time."""

    signals_per_visit: int = 5000
    """Signals in one visit, at most; a browser that reports more is run by a program and left out from then on."""

    driven_browsers: bool = False
    """Whether browsers that a program drives (headless, WebDriver) count like a shopper's: for browser tests of your own."""

    live_rules: int = 5000
    """Rules that are live at once, at most: one more is not published, and the lowest are left out where there are more."""

    live_conditions: int = 25000
    """Conditions in all live rules together, at most: some 10 MB in each process, rebuilt in a quarter of a second."""

    proxies: int = 0
    """Proxies of yours that each add to ``X-Forwarded-For``; 0: the shopper's address is ``REMOTE_ADDR``."""

    excluded_paths: tuple[str, ...] = ("/dashboard/", "/admin/", "/cms/")
    """Address prefixes on which we add nothing and sense nothing."""

    payment_views: tuple[str, ...] = ("checkout:payment-details", "checkout:preview")
    """View names whose pages carry no script of ours (PCI DSS 6.4.3): the views of your own in which people pay belong here."""

    article_approval: bool = False
    """Whether somebody else has to agree before a help article goes live, where Wagtail has no workflow for articles."""

    help_views: tuple[str, ...] = ()
    """View names, or namespaces, of your own help pages: to open one is no moving on from the help. With ``search:search`` the
    shop's search counts as one in the help, too."""

    watch_baskets: bool = True
    """Whether the worker looks at baskets for prices that moved and goods gone; not where a price needs a request."""

    site_url: str = ""
    """Scheme and host for the links in mails, e.g. ``https://shop.example``; empty: https and the domain of the ``Site``."""

    report_daily: tuple[tuple[str, str], ...] = ()
    """Who gets the figures of the reports every morning, address to language, such as ``{"owner@shop.example": "en"}``."""

    report_weekly: tuple[tuple[str, str], ...] = ()
    """Who gets them every Monday morning, in the same way."""

    mail_answer_text: bool = False
    """Whether mails about an answer hold its text; off: only a link to it. What was asked by mail is always answered in it."""

    reply_address: str = ""
    """An address of yours, such as ``answers@shop.example``, whose mails you hand to ``engage_mail``: then customers can reply
    to the mails about their questions (docs/mail.md). It has to take mails for ``answers+anything@``. Empty: no replies."""

    reply_days: int = 30
    """Days after the last message in which a reply by mail continues a conversation."""

    rest_minutes: int = 5
    """Minutes after which an agent's words in a chat go by mail, if the shopper's browser has not fetched them and there is an
    address; then the chat rests and goes on like a note."""

    trusted_mail_server: str = ""
    """The name (authserv-id) by which your mail server signs its ``Authentication-Results``; then only mails that it found
    genuine by DMARC are taken. Empty: not asked for."""

    largest_mail: int = 25_000_000
    """Bytes of a mail that comes in, at most; a larger one is not parsed."""

    imap_hosts: tuple[str, ...] = ()
    """The mail servers from which mails may be fetched, such as ``("imap.shop.example",)``: only those can be chosen in the
    dashboard, so that no password goes elsewhere."""

    automatic_answer: str = "oscar_engage.desk.mailbox.ports.NoAnswer"
    """Dotted path of a class with the method of ``desk.mailbox.ports.AutomaticAnswer``: what needs no person to answer."""

    answer_synonyms: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    """Words that mean the same in your shop, for the search of automatic answers, by language, such as
    ``{"en": [["jumper", "sweater"]], "de": [["Pulli", "Pullover"]]}``. See docs/automatic-answers.md."""

    returns_text: tuple[tuple[str, str], ...] = ()
    """What is said at once to "can I return this?", by language, such as ``{"en": "Within 30 days.", "de": "Innerhalb von 30
    Tagen."}``. Empty: only articles answer."""

    auto_save: bool = True
    """Whether long forms are kept in the shopper's browser and come back after a reload or a login. See docs/auto-save.md."""

    sensors: Changed = ()
    """What the browser's script notices, and from when on: a dictionary of sensors, each ``None`` (off) or a dictionary of
    thresholds; see docs/privacy.md, "What the browser notices". Example: ``{"rage": {"clicks": 4}, "copy": None}``."""

    push: Push | None = None
    """Whether open conversations are woken instead of asking every three seconds, and by what:
    ``{"URL": "/engage-push/", "WAKE": "postgresql"}``, or ``"redis"`` (with ``"WAKE_URL"``), or ``"database"``. It needs a
    process of its own: docs/operations.md, "Push". ``None``: they ask."""

    retention_days: int = 90
    """Days for which raw signals are kept."""

    transcript_retention_days: int = 365
    """Days for which a note or a chat is kept after its last message."""

    snapshot_pages: tuple[str, ...] = ("home", "category", "product", "search", "basket")
    """The kinds of pages of which a masked copy may go with a note: ``"other"``, your own pages, can be added. Empty: none. The
    account, the checkout, passwords and the dashboard never are. See docs/notes.md."""

    snapshot_retention_days: int = 30
    """Days for which such a copy is kept; not more than ``TRANSCRIPT_RETENTION_DAYS``, after which its question goes."""

    shared_page_days: int = 0
    """Days for which a shared page's recording is kept if its shopper agrees to that; at most ``TRANSCRIPT_RETENTION_DAYS``."""

    voices: bool = False
    """Whether shopper and agent of a chat can talk in their browsers. Needs HTTPS, and mostly a relay: see docs/voices.md."""

    voices_turn: tuple[tuple[str, Any], ...] = ()
    """Your relay: ``{"URLS": ["turn:turn.shop.example:3478", "turns:turn.shop.example:443?transport=tcp"], "SECRET": "…"}``,
    the secret as in coturn's ``static-auth-secret``. Addresses with ``stun:`` may stand among them. Empty: none."""

    voices_relay_only: bool = False
    """Whether all that is said goes through the relay, so that neither browser learns the other's network address."""

    voices_rooms: str = ""
    """Dotted path of who has rooms to invite to, such as ``"oscar_engage.voices.rooms.Jitsi"``. See docs/voices.md."""

    voices_room: tuple[tuple[str, Any], ...] = ()
    """For that class: ``{"TEMPLATE": "https://meet.example/{room}"}`` for ``StaticLink``, or ``{"HOST": "meet.example"}`` for
    ``Jitsi``, with ``"APP_ID"`` and ``"SECRET"`` where that asks for tokens."""

    visitor_retention_days: int = 390
    """Days after which a browser that was not seen again is forgotten; as long as its cookie lasts. Reports count on."""

    export_agent_names: bool = False
    """Whether the export of a shopper's data says who on the staff answered; else their names are masked."""

    consent_groups: tuple[tuple[str, str], ...] = (
        ("functional", "FUNCTIONAL"),
        ("statistics", "STATISTICS"),
        ("marketing", "PERSONALISATION"),
    )
    """For the ready-made ``CONSENT`` of ``visitors.adapters``: your banner's own names, each with a level of consent."""

    consent_cookie: str = "consent"
    """For ``visitors.adapters.plain_cookie``: the name of the cookie in which your banner keeps the answer."""

    def has(self, module: str) -> bool:
        """Whether ``module`` is on, and all that it needs."""
        return not self.modules_off or module not in switched_off(self.modules_off)

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> "EngageSettings":
        """Build the settings from ``OSCAR_ENGAGE``; an unknown key or a value that cannot be: :class:`InvalidSettingError`."""
        built = cls(**values_of(raw, dataclasses.fields(cls)))
        check_bounds(built)
        return built


@lru_cache(maxsize=1)
def get_settings() -> EngageSettings:
    """Return the shop's settings, read once and kept until Django says that they changed."""
    return EngageSettings.from_mapping(getattr(django_settings, "OSCAR_ENGAGE", {}))


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OSCAR_ENGAGE":
        get_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-settings")
