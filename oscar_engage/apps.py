"""The app: puts the parts together when Django starts."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig

PERSONAL_DATA = (
    *("jobs", "audit", "switch", "signals", "visitors", "rules"),
    *(
        "decisions",
        "decisions.dry_run",
        "decisions.matches",
        "widgets",
        "desk",
        "desk.mailbox",
        "reminders",
        "analytics",
        "privacy",
    ),
)
"""The packages with models, from the lowest up: each says in its ``personal`` what it keeps about people."""


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
        for package in PERSONAL_DATA:
            import_module(f"oscar_engage.{package}.personal")
        from oscar_engage import checks  # noqa: F401, PLC0415 - importing it registers them, once the apps are loaded
        from oscar_engage.analytics import anchor_counts  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.analytics.exits import fill, variables  # noqa: F401, PLC0415 - the same, jobs and variables
        from oscar_engage.decisions.arms import join_arms  # noqa: PLC0415 - as above
        from oscar_engage.decisions.dry_run import run  # noqa: F401, PLC0415 - importing it registers its jobs
        from oscar_engage.decisions.matches import fill as matches_fill  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk import mail, names, presence, writing  # noqa: F401, PLC0415 - importing them registers jobs and names
        from oscar_engage.desk import purge as desk_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.carry import check as files_check  # noqa: F401, PLC0415 - importing it registers its check
        from oscar_engage.desk.carry import sweep as files_sweep  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.desk.dialer import state  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.mailbox import check, fetch, receipt, rest, transcript  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.mailbox import purge as mailbox_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.desk.promises import sweep  # noqa: F401, PLC0415 - the same
        from oscar_engage.jobs import purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.privacy import purge as privacy_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.privacy import withdraw  # noqa: F401, PLC0415 - the same
        from oscar_engage.push import checks as push_checks  # noqa: F401, PLC0415 - importing it registers them
        from oscar_engage.push import send  # noqa: PLC0415 - as above
        from oscar_engage.reminders import confirm  # noqa: F401, PLC0415 - the same
        from oscar_engage.reminders import purge as reminders_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.shop import card_product, card_voucher, left_behind, orders, reminder, watch  # noqa: F401, PLC0415 - importing them registers the cards  # noqa: F401, PLC0415 - the same
        from oscar_engage.shop import names as shop_names  # noqa: F401, PLC0415 - the same
        from oscar_engage.shop.acts import add, change, fresh_voucher, reset_mail, restore, voucher  # noqa: F401, PLC0415 - the same, acts
        from oscar_engage.signals import purge as signals_purge  # noqa: F401, PLC0415 - the same
        from oscar_engage.signals import sources  # noqa: PLC0415 - as above
        from oscar_engage.signals.recorder import deliver_to  # noqa: PLC0415 - as above
        from oscar_engage.storefront.absent import deliver  # noqa: PLC0415 - as above
        from oscar_engage.visitors import ending  # noqa: F401, PLC0415 - importing it registers its job
        from oscar_engage.visitors.identity import on_join  # noqa: PLC0415 - as above
        from oscar_engage.widgets import shipped  # noqa: F401, PLC0415 - registers the widgets

        sources.connect()
        send.connect()
        deliver_to(deliver)
        on_join(join_arms)
