"""The app: puts the parts together when Django starts."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig

PERSONAL_DATA = (
    *("jobs", "audit", "switch", "keys", "signals", "visitors", "rules"),
    *(
        "decisions",
        "decisions.dry_run",
        "decisions.line",
        "decisions.matches",
        "widgets",
        "desk",
        "desk.answering",
        "desk.calls",
        "desk.ladder",
        "desk.mailbox",
        "desk.practice",
        "sharing",
        "reminders",
        "analytics",
        "surveys",
        "learning",
        "webhooks",
        "outside",
        "simulation",
        "privacy",
    ),
)
"""The packages with models, from the lowest up: each says in its ``personal`` what it keeps about people."""

COUNTING = (
    *("analytics.rollups.check", "analytics.lift.count", "analytics.lift.increment", "analytics.funnel.count"),
    *("analytics.mails.plan", "analytics.struggles.count", "analytics.guardrails.count", "analytics.deflection.declared"),
    *("desk.staffing.look", "analytics.staffing.rollups", "analytics.staffing.agent_days"),
)
"""Modules that register rollups, the jobs of what they count, and what is read from them."""

ANSWERING = tuple(
    f"shop.{name}"
    for name in (
        *("answering", "card_product", "card_voucher", "check", "discounts", "left_behind", "names", "orders"),
        *("reminder", "returns", "watch"),
    )
)
"""The adapter's modules that answer what lower packages ask of the shop, and its cards and jobs."""

LEARNING = (
    *("learning.nightly.launch", "learning.nightly.by_hand", "learning.nightly.watch"),
    *("learning.leads.counted", "learning.leads.measure", "learning.leads.told", "learning.leads.variables"),
)
"""Modules that register the jobs by which models learn unattended, and who reads what they foretold."""

PURGING = ("decisions.line.store", "desk.practice.purge")
"""Modules that register the jobs by which old rows go, beside those that are imported below."""

NOTING = ("privacy.settings_trail",)
"""Modules that register the jobs that write the trail of what nobody did on a page."""

CALLING = ("desk.calls.due", "desk.calls.mail", "desk.calls.webhook")
"""Modules that register the jobs of calls: what is due, mails about it, and the request to dial."""

SHARING = ("sharing.sweep", "sharing.listening", "storefront.sharing_talk", "storefront.voices_talk")
"""Modules that register what a shared page and a talk need: their jobs, who may listen, and the fast way for what is said."""


TELLING = (
    *("webhooks.shipped", "webhooks.sweep", "webhooks.deliver", "webhooks.hear"),
    *("outside.carry", "outside.fetch", "outside.tell", "outside.sweep", "outside.hear"),
)
"""Modules that register the events that other systems are told of, and the jobs that tell; the same for an outside desk."""


def _modules() -> tuple[str, ...]:
    kept = (f"{package}.personal" for package in PERSONAL_DATA)
    return (*kept, *COUNTING, *ANSWERING, *LEARNING, *PURGING, *NOTING, *CALLING, *SHARING, *TELLING)


class EngageConfig(OscarConfig):
    """``INSTALLED_APPS += ["oscar_engage.apps.EngageConfig", …]``."""

    name = "oscar_engage"
    label = "oscar_engage"
    verbose_name = _("Engage")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        """Connect the sources and register what each package offers; nothing here touches a database or a broker."""
        super().ready()
        for module in _modules():
            import_module(f"oscar_engage.{module}")
        from oscar_engage import checks  # noqa: F401, PLC0415 - importing it registers them, once the apps are loaded
        from oscar_engage.analytics import anchor_counts  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.analytics.exits import fill, variables  # noqa: F401, PLC0415 - the same, jobs and variables
        from oscar_engage.answers import article  # noqa: F401, PLC0415 - importing it registers a content
        from oscar_engage.decisions.arms import join_arms  # noqa: PLC0415 - as above
        from oscar_engage.decisions.dry_run import run  # noqa: F401, PLC0415 - importing it registers its jobs
        from oscar_engage.decisions.matches import fill as matches_fill  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk import find_by_address, mail, names, presence, writing  # noqa: F401, PLC0415 - importing them registers jobs and names
        from oscar_engage.desk import purge as desk_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.answering import later  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.desk.carry import check as files_check  # noqa: F401, PLC0415 - importing it registers its check
        from oscar_engage.desk.carry import sweep as files_sweep  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.desk.dialer import state  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.mailbox import check, fetch, receipt, rest, transcript  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.mailbox import purge as mailbox_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.pages import purge as pages_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.promises import sweep  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.ratings import purge as ratings_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.jobs import purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.learning.vectors import retention, unit  # noqa: F401, PLC0415 - importing them registers what they do
        from oscar_engage.privacy import purge as privacy_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.privacy import withdraw  # noqa: F401, PLC0415 - the same
        from oscar_engage.push import checks as push_checks  # noqa: F401, PLC0415 - importing it registers them
        from oscar_engage.push import send  # noqa: PLC0415 - as above
        from oscar_engage.reminders import confirm  # noqa: F401, PLC0415 - the same
        from oscar_engage.reminders import purge as reminders_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.shop.acts import add, change, fresh_voucher, reset_mail, restore, voucher  # noqa: F401, PLC0415 - the same, acts
        from oscar_engage.shop.contents import shipped as shop_contents  # noqa: F401, PLC0415 - the same, contents
        from oscar_engage.signals import purge as signals_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.signals import sources  # noqa: PLC0415 - as above
        from oscar_engage.signals.recorder import deliver_to  # noqa: PLC0415 - as above
        from oscar_engage.storefront.absent import deliver  # noqa: PLC0415 - as above
        from oscar_engage.storefront.fastpath import serve_fast_too  # noqa: PLC0415 - as above
        from oscar_engage.storefront.field_help import serve_field_help  # noqa: PLC0415 - as above
        from oscar_engage.surveys import part, widget  # noqa: F401, PLC0415 - register the survey
        from oscar_engage.surveys import purge as surveys_purge  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.visitors import ending  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.visitors.identity import on_join  # noqa: PLC0415 - as above
        from oscar_engage.widgets import shipped  # noqa: F401, PLC0415 - registers the widgets
        from oscar_engage.widgets.anchors import check as anchors_check  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.widgets.anchors import counts  # noqa: F401, PLC0415 - the same
        from oscar_engage.widgets.draws import join_draws  # noqa: PLC0415 - as above

        sources.connect()
        send.connect()
        deliver_to(deliver)
        serve_fast_too(serve_field_help, module="rules")
        for join in (join_arms, join_draws):
            on_join(join)
