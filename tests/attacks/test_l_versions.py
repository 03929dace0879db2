"""Between two steps of an upgrade code and tables are of two versions: the shop sells on, and nothing is lost.

No version has been released, so what stands here for the one before is the state before the latest migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.test import Client
from django.utils import timezone

from oscar_engage.checks.storage import check_tables
from oscar_engage.dashboard.health.state import read_health
from oscar_engage.desk.models import Agent, Queue, Skill
from oscar_engage.statements.versions import APP, read_versions
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.journeys import give_voucher
from tests.storefront.shopping import text_of
from tests.storefront.walks import SELLING, WALKS, Walk

HEALTH = "/dashboard/engage/health/"
Latest = tuple[Migration, ProjectState, ProjectState]


@pytest.fixture
def migrations(settings: Any) -> Any:
    """The suite makes its tables without migrations; these tests are about those."""
    settings.MIGRATION_MODULES = {}
    return settings


@pytest.fixture
def latest(migrations: Any) -> Latest:
    """Our latest migration, with all tables as they were before it, and as they are."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    (leaf,) = loader.graph.leaf_nodes(APP)
    parents = sorted(node.key for node in loader.graph.node_map[leaf].parents if node.key[0] == APP)
    return (
        loader.get_migration(*[str(part) for part in leaf]),
        loader.project_state(parents),  # type: ignore[arg-type]  # names of several
        loader.project_state([leaf]),  # type: ignore[arg-type]  # the same
    )


@contextmanager
def tables_of_before(latest: Latest) -> Iterator[None]:
    """Take the latest migration back for as long as the block lasts, as a deployment does that starts the code first."""
    migration, before, _now = latest
    for model in apps.get_app_config(APP).get_models():
        assert model._meta.db_table in connection.introspection.table_names()
    with connection.schema_editor(atomic=migration.atomic) as editor:
        migration.unapply(before.clone(), editor)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    names = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    for app, name in names:
        if app == APP and name != migration.name:
            recorder.record_applied(app, name)
    try:
        yield
    finally:
        recorder.flush()
        with connection.schema_editor(atomic=migration.atomic) as editor:
            migration.apply(before.clone(), editor)


@pytest.mark.attack("L14")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("walk", WALKS)
def test_l14__code_of_now_on_the_tables_before__the_shop_sells_on(walk: Walk, latest: Latest, product: Any) -> None:
    give_voucher()
    client = known_shopper()

    with tables_of_before(latest):
        journey = walk(client, product)
        pages = [client.get(path).status_code for path in (product.get_absolute_url(), "/catalogue/", "/basket/")]
        beaten = send(client, body(signal()))

    assert journey.orders == (1 if walk in SELLING else 0)
    assert pages == [200, 200, 200]
    assert beaten.status_code in {200, 204}


@pytest.mark.attack("L14")
@pytest.mark.django_db(transaction=True)
def test_l14__tables_before_those_of_the_code__health_and_check_say_migrate(latest: Latest, django_user_model: Any) -> None:
    staff = Client()
    staff.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))

    with tables_of_before(latest):
        page = staff.get(HEALTH)
        warnings = check_tables(None, databases=["default"])

    assert "python manage.py migrate" in text_of(page)
    assert latest[0].name in text_of(page) or page.status_code == 503
    assert [warning.id for warning in warnings] == ["oscar_engage.W008"]


@pytest.mark.attack("L14")
@pytest.mark.django_db(transaction=True)
def test_l14__tables_of_a_later_version__health_says_which_code_to_start(migrations: Any, django_user_model: Any) -> None:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.flush()
    for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
        recorder.record_applied(app, name)
    staff = Client()
    staff.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))
    assert "two versions" not in text_of(staff.get(HEALTH))

    recorder.record_applied(APP, "9999_of_tomorrow")
    page = text_of(staff.get(HEALTH))

    assert "The tables are newer than the code" in page
    assert "9999_of_tomorrow" in page
    assert read_versions(connection).unknown == ("9999_of_tomorrow",)
    assert "newer than the code" in check_tables(None, databases=["default"])[0].msg
    recorder.flush()


@pytest.mark.django_db
def test_read_versions__tables_made_without_migrations__says_nothing() -> None:
    assert read_versions(connection).missing == read_versions(connection).unknown == ()


@pytest.mark.attack("L14")
@pytest.mark.django_db(transaction=True)
def test_l14__rows_of_the_code_before__are_there_after_migrating(latest: Latest, product: Any) -> None:
    give_voucher()
    WALKS[0](known_shopper(), product)
    skill = Skill.objects.create(slug="returns", name="Returns")
    Queue.objects.create(slug="checkout", name="Checkout", skill=skill, paths="/checkout/", head_start=60)
    Agent.objects.create(user_id=1, display_name="Mia")
    _migration, before, _now = latest

    def rows() -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for (app, name), state in before.models.items():
            if app == APP:
                model = before.apps.get_model(app, name)
                columns = [field.attname for field in model._meta.concrete_fields]
                found[name] = sorted(model._base_manager.values_list(*columns), key=repr)
                assert state.name == model.__name__
        return found

    with tables_of_before(latest):
        kept = rows()

    assert sum(map(len, kept.values())) > 10
    assert rows() == kept


@pytest.mark.attack("L14")
def test_l14__code_before_on_the_tables_of_now__finds_all_its_columns_and_may_leave_the_new_ones_out(latest: Latest) -> None:
    _migration, before, now = latest
    lost: list[str] = []
    demanding: list[str] = []
    for key, old in before.models.items():
        if key[0] != APP:
            continue
        new = now.models.get(key)
        if new is None:
            lost.append(key[1])
            continue
        lost += [f"{key[1]}.{name}" for name in old.fields if name not in new.fields]
        demanding += [
            f"{key[1]}.{name}" for name, field in new.fields.items() if name not in old.fields and not _may_be_left_out(field)
        ]

    assert lost == [], "remove in one version what the version before does not use any more"
    assert demanding == [], "give a new column db_default or null=True: processes of the old code insert rows without it"


def _may_be_left_out(field: Any) -> bool:
    return bool(field.null) or field.db_default is not models.NOT_PROVIDED or field.many_to_many


@pytest.mark.attack("L14")
@pytest.mark.django_db
def test_l14__migrations__are_all_written(migrations: Any) -> None:
    call_command("makemigrations", APP, check=True, dry_run=True, verbosity=0)


def test_health__is_read__with_what_tells_the_versions(db: None) -> None:
    assert read_health(now=timezone.now()).versions.missing == ()
