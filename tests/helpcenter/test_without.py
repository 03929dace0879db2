"""Does everything else work without the help centre, and without Wagtail?"""

import os
import subprocess
import sys

from django.apps import apps

from oscar_engage.personal.registry import IMPERSONAL

WITHOUT = """
import django
from django.conf import settings
{change}
django.setup()
from django.core.checks import run_checks
print(sorted(error.id for error in run_checks() if error.id.startswith("oscar_engage.E")))
from django.urls import reverse, NoReverseMatch
try:
    print(reverse("engage:help-centre"))
except NoReverseMatch:
    print("not mounted")
import sys
print("wagtail.models" in sys.modules)
"""


def run(change: str) -> list[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings_helpcenter"}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT.format(change=change)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.splitlines()


def test_check__help_centre_without_wagtail__is_said_and_the_shop_starts() -> None:
    left_out = "('wagtail', 'sandbox.pages')"
    change = f"settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if not app.startswith({left_out})]"
    assert run(change) == ["['oscar_engage.E017']", "not mounted", "False"]


def test_shop__without_the_help_centre__starts_without_wagtail() -> None:
    left_out = "('wagtail', 'modelcluster', 'taggit', 'oscar_engage.helpcenter', 'sandbox.pages')"
    change = f"settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if not app.startswith({left_out})]"
    assert run(change) == ["[]", "not mounted", "False"]


def test_check__with_all__is_content() -> None:
    assert run("") == ["[]", "/engage/help-centre/", "True"]


def test_models__each__is_registered_with_every_field() -> None:
    registered = {entry.model: entry.fields for entry in IMPERSONAL}
    for model in apps.get_app_config("engage_helpcenter").get_models():
        assert registered[model] == {field.name for field in model._meta.concrete_fields}
