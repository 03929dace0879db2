"""Settings of the sandbox shop: Oscar, Wagtail and our apps as a real shop would set them up."""

import json
import os
from pathlib import Path

import oscar
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403 - the way Oscar documents

from sandbox.environment import database, secret_key, writable_directory

BASE_DIR = Path(__file__).resolve().parent
VAR_DIR = writable_directory(BASE_DIR)

DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = secret_key(VAR_DIR)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
ROOT_URLCONF = "sandbox.urls"
WSGI_APPLICATION = "sandbox.wsgi.application"
SITE_ID = 1
#: What links in mails begin with. sandbox.run sets PORT to the port it found.
SITE_URL = os.environ.get("ENGAGE_SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database(os.environ.get("ENGAGE_DATABASE_URL"), var=VAR_DIR)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

#: Oscar's apps that this shop has its own version of.
FORKS = {
    "oscar.apps.basket.apps.BasketConfig": "sandbox.basket.apps.BasketConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "sandbox.checkout.apps.CheckoutConfig",
    "oscar.apps.partner.apps.PartnerConfig": "sandbox.partner.apps.PartnerConfig",
    "oscar.apps.shipping.apps.ShippingConfig": "sandbox.shipping.apps.ShippingConfig",
}
INSTALLED_APPS = [
    "sandbox.demo.apps.DemoConfig",
    "oscar_engage.apps.EngageConfig",
    "oscar_engage.dashboard.apps.EngageDashboardConfig",
    *(FORKS.get(app, app) for app in oscar.INSTALLED_APPS),
    "django.contrib.humanize",
    "sorl.thumbnail",
    "django_htmx",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "oscar_engage.helpcenter.apps.HelpCenterConfig",
    "sandbox.pages.apps.PagesConfig",
    "huey.contrib.djhuey",
]

# The forked Oscar apps change behaviour, not tables.
MIGRATION_MODULES = {
    "basket": "oscar.apps.basket.migrations",
    "shipping": "oscar.apps.shipping.migrations",
    "partner": "oscar.apps.partner.migrations",
}

MIDDLEWARE = [
    "oscar_engage.storefront.middleware.EngageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]

if os.environ.get("ENGAGE_SANDBOX_CSP", "0") == "1":  # for the tests of what a strict policy says to our pages
    from csp.constants import NONCE, SELF, STRICT_DYNAMIC

    from sandbox.policy import build_policy

    CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": build_policy(SELF, NONCE, STRICT_DYNAMIC),
        "EXCLUDE_URL_PREFIXES": ["/cms/", "/bank/"],
    }
    MIDDLEWARE[3:3] = ["csp.middleware.CSPMiddleware", "sandbox.policy.OscarUnderPolicy"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
                "sandbox.consent.consent_banner",
                "sandbox.checkout.pending.pending_payment",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_REDIRECT_URL = "/"
if os.environ.get("ENGAGE_SANDBOX_QUICK_LOGIN", "0") == "1":  # for tests: they log in hundreds of times, at half a second each
    PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("MD5", "PBKDF2")]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What shoppers and agents send each other: no address leads there.
    "engage": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "attachments", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(VAR_DIR / "search_index"),
        # Spelling suggestions make every catalogue page about ten times slower.
        "INCLUDE_SPELLING": False,
    }
}

HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "sandbox",
    "filename": str(VAR_DIR / "tasks.sqlite3"),
    "immediate": False,
    "consumer": {"workers": 1, "worker_type": "thread"},
}
TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend"}}

WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_SITE_NAME = "Fjord & Fell"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILDOCS_EXTENSIONS = ["pdf", "txt"]

OSCAR_SHOP_NAME = "Fjord & Fell"
OSCAR_SHOP_TAGLINE = _("Outdoor gear, honestly described")
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "GBP"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_OFFERS_INCL_TAX = True
OSCAR_PRODUCTS_PER_PAGE = 12
OSCAR_SEARCH_FACETS: dict[str, dict[str, object]] = {"fields": {}, "queries": {}}  # Whoosh has none worth showing
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 20
OSCAR_FROM_EMAIL = "shop@fjordandfell.example"
OSCAR_INITIAL_ORDER_STATUS = "Pending"
OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Being processed", "Cancelled"),
    "Being processed": ("Shipped", "Cancelled"),
    "Shipped": (),
    "Cancelled": (),
}

#: Whether the shop is filled with sixty days of a past, so that its reports have something to say.
SANDBOX_PAST = os.environ.get("ENGAGE_SANDBOX_PAST", "1") != "0"

_TURN, _REDIS = os.environ.get("ENGAGE_TURN_URL"), os.environ.get("ENGAGE_PUSH_REDIS")

#: What to leave out, such as ENGAGE_MODULES_OFF=chat,shared_page; ENGAGE_LEARNING=0 adds "learning".
MODULES_OFF = [name for name in os.environ.get("ENGAGE_MODULES_OFF", "").split(",") if name]
if os.environ.get("ENGAGE_LEARNING", "1") == "0" and "learning" not in MODULES_OFF:
    MODULES_OFF.append("learning")

OSCAR_ENGAGE = {
    "CONSENT": "sandbox.consent.consent_level",
    "ENABLED": os.environ.get("ENGAGE_ENABLED", "1") != "0",
    "MODULES_OFF": MODULES_OFF,
    "ATTRIBUTION_DAYS": int(os.environ.get("ENGAGE_ATTRIBUTION_DAYS", "7")),
    "SHOP_HOLDOUT": float(os.environ.get("ENGAGE_SHOP_HOLDOUT", "0.1")),
    "COSTLY_BUDGET_MS": int(os.environ.get("ENGAGE_COSTLY_BUDGET_MS", "50")),
    # More than a shop would: who tries things out wants to see them more than once.
    "OFFERS_PER_VISIT": 5,
    "OFFERS_PER_WEEK": 50,
    "QUIET_HOURS": "",
    # Sooner than a shop would, for the same reason: the mail is in var/mail a quarter of an hour after the last click.
    "ABANDONED_MINUTES": 5,
    "ABANDONED_MAIL_MINUTES": 2,
    "ABANDONED_MAIL_DAYS": 1,
    "MAIL_PERMISSION": "oscar_engage.reminders.permission.has_opted_in",
    "SITE_URL": SITE_URL,
    # "1": shopper and agent can talk in their browsers. On localhost that works without a relay; docs/voices.md has one.
    "VOICES": os.environ.get("ENGAGE_VOICES") == "1",
    "VOICES_TURN": {"URLS": [_TURN], "SECRET": os.environ.get("ENGAGE_TURN_SECRET", "")} if _TURN else {},
    "VOICES_RELAY_ONLY": os.environ.get("ENGAGE_VOICES_RELAY_ONLY") == "1",
    "PUSH": {"URL": "/engage-push/", "WAKE": "redis", "WAKE_URL": _REDIS} if _REDIS else None,
    "OUTSIDE_DESK": json.loads(os.environ.get("ENGAGE_OUTSIDE_DESK", "{}")),  # the setting as JSON; without it, none
    "ACT_VOUCHER_TEMPLATES": ("SORRY10",),
    "ATTACHMENT_STORAGE": "engage",
    "HELP_VIEWS": ("information",),
    # Replies come in by: sandbox/manage.py engage_mail < mail. What goes out is in var/mail.
    "REPLY_ADDRESS": "answers@fjordandfell.example",
    "OPENING_HOURS": {"mon-fri": "9:00-18:00", "sat": "10:00-14:00"},
    "FREE_SHIPPING_FROM": {"GBP": "75.00"},  # as sandbox.shipping has it for parcels at home
    "DRIVEN_BROWSERS": True,  # the sandbox is looked at by browsers that tests drive, too
    # The bank stands for another company's site: nothing of ours belongs into it.
    "EXCLUDED_PATHS": ("/dashboard/", "/admin/", "/cms/", "/bank/", "/demobar/"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

ENGAGE_MAY_SIMULATE = True
"""This is no shop that sells: ``engage_simulate`` may fill its tables."""
