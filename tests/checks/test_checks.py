"""Each misconfiguration is named, and the hint says what to type."""

import pytest
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connections
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path

from oscar_engage.checks import answers, background, storage, wiring

pytestmark = pytest.mark.any_database
urlpatterns = [path("only/", HttpResponse, name="only")]


def ids() -> set[str]:
    return {message.id for message in run_checks(databases=[]) if str(message.id).startswith("oscar_engage.")}


def messages(message_id: str) -> list[str]:
    return [f"{message.msg} {message.hint}" for message in run_checks(databases=[]) if message.id == message_id]


@pytest.fixture
def without_urls(settings):
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.fixture
def kept_connections(monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 60)


HUEY = {"huey_class": "huey.MemoryHuey"}


@pytest.mark.usefixtures("kept_connections")
@override_settings(HUEY=HUEY)
def test_checks__shop_set_up_as_the_readme_says__silent():
    assert ids() == set()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"HOLDOUT": 0.1}, "no setting 'HOLDOUT'"),
        ({"SHOP_HOLDOUT": 0.9}, "between 0 and 0.5"),
        ({"SHOP_HOLDOUT": "a tenth"}, "OSCAR_ENGAGE['SHOP_HOLDOUT'] is a number"),
        (["CONSENT"], "is a dictionary"),
        ({"VISIT_MINUTES": 0}, "above 0"),
        ({"QUEUE_LIMIT": 0}, "above 0"),
        ({"ACT_MINUTES": 0}, "above 0"),
        ({"ACT_VOUCHERS_PER_DAY": -1}, "from 0 on"),
        ({"PROXIES": -1}, "or 0 without any"),
        ({"PRIVACY_SIGNALS": ["Sec-GPC", "Sec-Nothing"]}, "one or both of"),
        ({"BEATS_PER_NETWORK": 0}, "a number above 0"),
        ({"SIGNALS_PER_VISIT": 0}, "a number above 0"),
        ({"LIVE_CONDITIONS": -1}, "a number above 0"),
        ({"ABANDONED_MAIL_MINUTES": -1}, "or 0 for no mails"),
        ({"WARM_UP_MINUTES": -1}, "a number from 0 on"),
        ({"CUSTOMER_HEAD_START": -60}, "a number from 0 on"),
        ({"ABANDONED_MAIL_DAYS": 0}, "from 1 to RETENTION_DAYS"),
        ({"ABANDONED_MAIL_DAYS": 91}, "from 1 to RETENTION_DAYS"),
        ({"OPENING_HOURS": {"mon": "nine to five"}}, "type it as '9:00-17:30'"),
        ({"OPENING_HOURS": "9:00-17:30"}, "are a dictionary"),
        ({"FREE_SHIPPING_FROM": 75}, 'such as {"GBP": "75.00"}'),
        ({"FREE_SHIPPING_FROM": {"GBP": "seventy"}}, 'such as {"GBP": "75.00"}'),
        ({"FREE_SHIPPING_FROM": {"GBP": "NaN"}}, 'such as {"GBP": "75.00"}'),
        ({"FREE_SHIPPING_FROM": {"£": "75"}}, 'such as {"GBP": "75.00"}'),
    ],
)
def test_check_settings__unusable_setting__e001_alone(value, says):
    with override_settings(OSCAR_ENGAGE=value, HUEY=HUEY):
        assert ids() == {"oscar_engage.E001"}
        assert says in messages("oscar_engage.E001")[0]


@pytest.mark.parametrize("consent", ["nowhere.at_all", "tests.consent.missing", "tests.settings.SECRET_KEY", "nodots"])
def test_check_consent__not_a_callable__e002(consent):
    with override_settings(OSCAR_ENGAGE={"CONSENT": consent}):
        assert "oscar_engage.E002" in ids()


@override_settings(OSCAR_ENGAGE={})
def test_check_consent__left_at_its_default__w004():
    assert "oscar_engage.W004" in ids()
    assert "CONSENT" in messages("oscar_engage.W004")[0]


@pytest.mark.parametrize("permission", ["nowhere.at_all", "tests.settings.SECRET_KEY"])
def test_check_mail_permission__not_a_callable__e008(permission):
    with override_settings(OSCAR_ENGAGE={"MAIL_PERMISSION": permission}):
        assert "oscar_engage.E008" in ids()


@pytest.mark.parametrize(("permission", "warned"), [({}, True), ({"MAIL_PERMISSION": answers.READY_MADE}, False)])
def test_check_mail_permission__mails_are_on__w012_when_nobody_is_asked_for_them(permission, warned):
    with override_settings(OSCAR_ENGAGE={"ABANDONED_MAIL_MINUTES": 60, **permission}):
        assert ("oscar_engage.W012" in ids()) == warned


@override_settings(OSCAR_ENGAGE={"AVAILABILITY": "tests.consent.consent_from_cookie"})
def test_check_availability__no_free_agents__e003():
    assert "oscar_engage.E003" in ids()


def test_check_availability__null_object__silent():
    with override_settings(OSCAR_ENGAGE={"AVAILABILITY": "oscar_engage.decisions.ports.NobodyAvailable"}):
        assert "oscar_engage.E003" not in ids()


@pytest.mark.parametrize(
    "named",
    [
        {"SHOP": "oscar_engage.decisions.ports.NobodyAvailable"},
        {"SHOP": "no.where"},
        {"COUNTRY": "tests.settings.SECRET_KEY"},
        {"DELIVERY": "no.where"},
    ],
)
def test_check_shop__not_what_is_asked__e009(named):
    with override_settings(OSCAR_ENGAGE=named):
        assert "oscar_engage.E009" in ids()


def test_check_shop__both_named__silent():
    named = {"SHOP": "tests.known_shop.KnownShop", "COUNTRY": "tests.storefront.test_asking.from_header"}
    with override_settings(OSCAR_ENGAGE=named):
        assert "oscar_engage.E009" not in ids()


@pytest.mark.parametrize(
    ("alias", "location", "found"),
    [
        ("", "/srv/media/inside", None),
        ("engage", "/srv/attachments", None),
        ("nowhere", "/srv/attachments", "E010"),
        ("engage", "/srv/media/inside", "W013"),
        ("engage", "/srv/attachments/../media", "W013"),
        ("default", "/srv/attachments", "W013"),
        ("bucket", "/srv/attachments", None),
    ],
)
def test_check_attachments__place__has_to_be_there_and_private(alias, location, found):
    files = "django.core.files.storage.FileSystemStorage"
    storages = {
        "default": {"BACKEND": files},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        "engage": {"BACKEND": files, "OPTIONS": {"location": location}},
        "bucket": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    with override_settings(OSCAR_ENGAGE={"ATTACHMENT_STORAGE": alias}, STORAGES=storages, MEDIA_ROOT="/srv/media"):
        assert {one for one in ids() if one.endswith(("E010", "W013"))} == ({f"oscar_engage.{found}"} if found else set())


@pytest.mark.parametrize("port", ["tests.no.Such", "tests.consent.consent_from_cookie"])
def test_check_mail__automatic_answer_is_no_port__e012(port):
    with override_settings(OSCAR_ENGAGE={"AUTOMATIC_ANSWER": port}):
        assert "oscar_engage.E012" in ids()


@pytest.mark.parametrize(
    ("address", "is_wrong"),
    [
        ("answers@shop.example", False),
        ("a" * 28 + "@shop.example", False),
        ("a" * 29 + "@shop.example", True),
        ("answers", True),
        ("a+b@shop.example", True),
        ("@shop.example", True),
    ],
)
def test_check_mail__reply_address__e013_when_it_cannot_carry_a_token(address, is_wrong):
    with override_settings(OSCAR_ENGAGE={"REPLY_ADDRESS": address}):
        assert ("oscar_engage.E013" in ids()) == is_wrong


@pytest.mark.usefixtures("without_urls")
def test_check_urls__nothing_mounted__e004_and_w003_say_the_lines_to_add():
    assert 'include("oscar_engage.storefront.urls")' in wiring.check_urls(None)[0].hint
    assert 'get_app_config("engage_dashboard")' in wiring.check_dashboard(None)[0].hint


def test_check_dashboard__app_not_installed__w003():
    installed = [app for app in settings.INSTALLED_APPS if "oscar_engage.dashboard" not in app]
    with override_settings(INSTALLED_APPS=installed):
        assert [message.id for message in wiring.check_dashboard(None)] == ["oscar_engage.W003"]
        assert wiring.DASHBOARD in wiring.check_dashboard(None)[0].hint


def test_check_database__unknown_alias__e005_lists_the_known_ones():
    with override_settings(OSCAR_ENGAGE={"DATABASE": "engage"}):
        assert "Use one of: default." in messages("oscar_engage.E005")[0]


@pytest.mark.parametrize(
    ("age", "options", "expected"),
    [(0, {}, ["oscar_engage.W006"]), (60, {}, []), (None, {}, []), (0, {"pool": True}, [])],
)
def test_check_database__connections_on_postgresql__w006_when_opened_each_time(monkeypatch, age, options, expected):
    connection = connections["default"]
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", age)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert [message.id for message in storage.check_database_alias(None)] == expected


def test_check_middleware__missing__w001():
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != wiring.MIDDLEWARE]):
        assert "oscar_engage.W001" in ids()


def test_check_middleware__not_first__w002():
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE[1:], settings.MIDDLEWARE[0]]):
        assert "oscar_engage.W002" in ids()


def test_check_middleware__there_twice__w002_says_so():
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, wiring.MIDDLEWARE]):
        assert "in MIDDLEWARE 2 times" in messages("oscar_engage.W002")[0]


def test_check_htmx__app_not_installed__w005():
    installed = [app for app in settings.INSTALLED_APPS if app != "django_htmx"]
    with override_settings(INSTALLED_APPS=installed):
        assert [message.id for message in wiring.check_htmx(None)] == ["oscar_engage.W005"]


def test_check_worker__nothing_configured__w007_names_the_command():
    with override_settings():
        for name in ("HUEY", "TASKS"):
            if hasattr(settings, name):
                delattr(settings, name)
        assert "engage_tick" in messages("oscar_engage.W007")[0]


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("django.tasks.backends.immediate.ImmediateBackend", 1),  # Django 6's default, set or not
        ("django.tasks.backends.dummy.DummyBackend", 1),
        ("myshop.tasks.Backend", 0),
    ],
)
def test_check_worker__tasks_that_are_run_nowhere_else__w007(backend: str, said: int) -> None:
    with override_settings(HUEY=None, TASKS={"default": {"BACKEND": backend}}):
        assert len(background.check_worker(None)) == said


@pytest.mark.django_db
def test_check_tables__all_there__silent():
    assert storage.check_tables(None, databases=["default"]) == []


@pytest.mark.django_db
def test_check_tables__one_missing__w008(monkeypatch):
    introspection = connections["default"].introspection
    tables = [name for name in introspection.table_names() if name != "oscar_engage_rule"]
    monkeypatch.setattr(introspection, "table_names", lambda: tables)
    (message,) = storage.check_tables(None, databases=["default"])
    assert message.id == "oscar_engage.W008"
    assert "oscar_engage_rule" in message.msg


def test_check_tables__database_not_asked_for__silent():
    assert storage.check_tables(None) == []


@pytest.mark.django_db  # from 6.1 on the command looks at what every database can do
@pytest.mark.usefixtures("kept_connections")
@override_settings(HUEY=HUEY)
def test_check_command__shop_set_up_as_the_readme_says__succeeds(capsys):
    call_command("check", fail_level="WARNING")
    assert "no issues" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("off", "says"),
    [(["voucher.give", "account.reset_mail"], []), (["voucher.gift"], ["names 'voucher.gift', which is no act"])],
)
def test_checks__acts_off__a_name_that_is_none_is_said(off, says):
    with override_settings(OSCAR_ENGAGE={"ACTS_OFF": off}):
        found = messages("oscar_engage.E014")
    assert len(found) == len(says)
    assert all(words in message for words, message in zip(says, found, strict=True))


@pytest.mark.parametrize(
    ("chosen", "warned"),
    [
        ({}, False),
        ({"RETURNED_STATUSES": ["Back"]}, False),
        ({"RETURNED_STATUSES": ["Back", "Off"], "CANCELLED_STATUSES": ["Off"]}, False),
        ({"CANCELLED_STATUSES": ["Off"]}, True),
    ],
    ids=["as it comes", "own names", "one of them", "another"],
)
def test_check_statuses__cancelled_that_counts_as_sold__w014(chosen, warned):
    with override_settings(OSCAR_ENGAGE=chosen):
        assert ("oscar_engage.W014" in ids()) == warned


@pytest.mark.parametrize(("name", "label"), [("oscar_engage", "oscar_engage"), ("oscar_engage.dashboard", "engage_dashboard")])
def test_apps__named_by_their_packages_alone__are_the_same_as_by_their_classes(name, label):
    assert AppConfig.create(name).label == label
