"""Nothing that was stored or sent is run: no pickle from a queue, no file, no text as code."""

import ast
import pickle
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.forms import FileField, Form
from huey import MemoryHuey
from huey.serializer import SignedSerializer

from oscar_engage.dashboard.desk import forms as desk_forms
from oscar_engage.dashboard.engagements import forms as engagement_forms
from oscar_engage.dashboard.rules import forms as rule_forms
from oscar_engage.storefront import forms as storefront_forms
from oscar_engage.storefront.uploads import Uploads
from tests.architecture.source import calls, modules, relative
from tests.attacks.addresses import all_addresses
from tests.attacks.conftest import Scene

SIGNED = {"huey_class": "huey.RedisHuey", "serializer": SignedSerializer(secret="tests-only")}


class Payload:
    """What an attacker who can write to the broker would put there."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.marker,)


@pytest.mark.attack("E04")
@pytest.mark.parametrize("signature", [b"", b"0" * 40 + b":"])
def test_e04__forged_message__is_refused_by_a_signed_queue(tmp_path: Path, signature: bytes) -> None:
    marker = tmp_path / "ran"
    huey = MemoryHuey(serializer=SignedSerializer(secret="tests-only"))
    huey.storage.enqueue(signature + pickle.dumps(Payload(marker)))

    with pytest.raises(ValueError, match=r"ignature|Separator"):
        huey.dequeue()

    assert not marker.exists()


@pytest.mark.attack("E04")
@pytest.mark.parametrize(
    ("huey", "found"),
    [
        (None, []),
        (SIGNED, []),
        ({"huey_class": "huey.SqliteHuey"}, []),
        ({"huey_class": "huey.MemoryHuey"}, []),
        ({"huey_class": "huey.RedisHuey"}, ["oscar_engage.W010"]),
        ({"huey_class": "huey.PriorityRedisExpireHuey", "connection": {"host": "10.0.0.1"}}, ["oscar_engage.W010"]),
        ({}, ["oscar_engage.W010"]),
        ({"huey_class": "huey.RedisHuey", "connection": {"unix_socket_path": "/run/redis.sock"}}, []),
        ({"huey_class": "huey.RedisHuey", "serializer": object()}, ["oscar_engage.W010"]),
    ],
)
def test_e04__unsigned_pickle_over_the_network__is_named_before_deployment(huey: Any, found: list[str], settings: Any) -> None:
    settings.HUEY = huey

    deployed = checks.run_checks(tags=["oscar_engage"], include_deployment_checks=True)

    assert [message.id for message in deployed if message.id == "oscar_engage.W010"] == found
    assert not [message for message in checks.run_checks(tags=["oscar_engage"]) if message.id == "oscar_engage.W010"]


@pytest.mark.attack("E05")
@pytest.mark.django_db
def test_e05__file__has_no_way_in(scene: Scene, tmp_path: Path) -> None:
    kinds = [
        thing
        for module in (desk_forms, engagement_forms, rule_forms, storefront_forms)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Form) and thing is not Form
    ]
    assert kinds
    files = [field for kind in kinds for field in kind.base_fields.values() if isinstance(field, FileField)]
    assert {type(field) for field in files} == {Uploads}  # files of messages, by their content alone: tests/attacks/test_a.py

    model = tmp_path / "model.joblib"
    model.write_bytes(b"x")
    staff = scene.client_of("superuser")
    for path in ("models/", "models/upload/", "upload/", "reports/upload/"):
        with model.open("rb") as file:
            assert staff.post(f"/dashboard/engage/{path}", {"file": file}).status_code == 404
    for address in all_addresses(scene):
        if address.is_dashboard:
            with model.open("rb") as file:
                staff.post(address.url, {"file": file, "model": file})
    with model.open("rb") as file:  # what takes a file reads it as text: here rules, in dashboard/volumes volumes
        assert staff.post("/dashboard/engage/rules/import/", {"file": file, "confirm": "1"}).status_code == 422
    read = {relative(path) for path in modules() if "request.FILES" in path.read_text()}
    messages = {"dashboard/desk/reply_views.py", "storefront/views.py", "storefront/views_conversation.py"}
    assert read - messages == {"dashboard/rules/bundle_views.py", "dashboard/volumes/views.py"}


IMPORTS = {
    "apps.py": "the packages of ours",
    "checks/given.py": "names in the shop's settings",
    "decisions/ports.py": "the setting AVAILABILITY",
    "desk/calls/provider.py": "the setting CALL_PROVIDER",
    "desk/mailbox/ports.py": "the setting AUTOMATIC_ANSWER",
    "jobs/nudge.py": "a constant of ours",
    "learning/nightly/by_hand.py": "a constant of ours",
    "learning/nightly/launch.py": "a constant of ours",
    "outside/adapter.py": "the setting OUTSIDE_DESK",
    "checks/outside.py": "the same",
    "push/access.py": "Django's setting SESSION_ENGINE",
    "rules/ports.py": "the setting SHOP",
    "shop/delivery.py": "the setting DELIVERY",
    "voices/rooms.py": "the setting VOICES_ROOMS",
    "checks/voices.py": "the same",
    "statements/versions.py": "Django's setting MIGRATION_MODULES",
    "simulation/trainer.py": "a constant of ours",
    "storefront/client.py": "the setting COUNTRY",
    "reminders/permission.py": "the setting MAIL_PERMISSION",
    "visitors/consent.py": "the setting CONSENT",
}
"""Modules that import by a dotted name, with what it comes from: never a row."""


@pytest.mark.attack("E08")
def test_e08__dotted_names__come_from_settings_alone() -> None:
    importers = {"import_string", "import_module", "__import__", "importlib.import_module"}
    assert {relative(path) for path in modules() for name, _call in calls(path) if name in importers} == set(IMPORTS)


@pytest.mark.attack("E07", "E08", "F01", "F03", "F05")
def test_e08__stored_text__is_never_a_template_nor_an_attributes_name() -> None:
    runs = {"Template", "from_string", "render_template_string", "literal_eval", "attrgetter", "methodcaller", "setattr"}
    found = {f"{relative(path)} {name}" for path in modules() for name, _call in calls(path) if name.rpartition(".")[2] in runs}
    assert found <= REVIEWED, "a name that comes from a row would walk through attributes"

    named = {
        relative(path)
        for path in modules()
        for name, call in calls(path)
        if name == "getattr" and not isinstance(call.args[1], ast.Constant) and not ast.unparse(call.args[1]).isupper()
    }
    assert named <= NAMED, "their names are written beside them"


NAMED = {
    "modules.py",  # the settings that the table of modules names
    "privacy/settings_trail.py",  # the settings of NOTED
    "storefront/sharing_page.py",  # the columns of sharing.finish.NAMED_BY
    "voices/talk.py",  # columns, by side
    "sharing/rows.py",  # the same
    "outside/seat.py",  # the clocks of FIELDS
    "checks/outside.py",  # methods of the seam, named beside it
    "api/described.py",  # the methods of HTTP, in small letters
    "core/modules.py",  # the kinds of parts, which are fields of the table's rows
    "analytics/rollups/check.py",  # the settings that a rollup names
    "dashboard/ratings/views.py",  # the columns of its file
    "analytics/costs/store.py",  # the columns of a channel's costs
    "analytics/deflection/read.py",  # its own slots
    "analytics/staffing/count.py",  # the measures of a talk, named beside it
    "analytics/staffing/read.py",
    "conf.py",
    "dashboard/deflection/views.py",  # the columns of its table
    "dashboard/rules/forms.py",  # the columns of rules.life.columns
    "dashboard/simulator/reading.py",  # the measures of a lift, named beside it
    "dashboard/staffing/reading.py",
    "learning/words/spoken.py",  # the tasks of models
    "dashboard/visits/listing.py",  # the struggles that a filter names
    "decisions/ports.py",  # the two methods of a dialer
    "decisions/arms.py",  # the columns of a draw
    "decisions/order/store.py",
    "desk/staffing/look.py",
    "helpcenter/blocks.py",
    "rules/life/columns.py",
    "core/bounds.py",
    "answers/index.py",  # the fields of a passage, named above
    "helpcenter/dashboard/history_views.py",  # the fields of an article, named above
    "helpcenter/publish.py",
    "helpcenter/begin.py",  # its own slots
    "helpcenter/dashboard/figures_views.py",  # columns named above
    "dashboard/reports/anchors.py",  # the same
    "checks/answers.py",
    "dashboard/privacy/reading.py",
    "personal/registry.py",  # the fields of a model, from its registration
    "desk/dialer/state.py",
    "desk/transfer/hand_on.py",
    "storefront/nonce.py",  # names of settings, written above
}

REVIEWED = {
    "sharing/shopper.py setattr",  # names of columns, written in the function
    "sharing/finish.py setattr",  # of NAMED_BY: two columns
    "sharing/opening.py setattr",  # the same
    "voices/talk.py setattr",  # names of columns, by side, written in the function
    "storefront/account_tab.py setattr",  # a constant, on the request
    "outside/carry.py setattr",  # keywords of ours, which name columns
    "desk/transfer/claim.py setattr",  # keywords of ours, which name columns
    "rules/past/log.py attrgetter",  # of the constant "at"
    "rules/past/recall.py attrgetter",  # of constants as well
    "signals/buffer.py setattr",  # constants of ours, on the request
    "storefront/beat_view.py setattr",
    "storefront/identity.py setattr",
    "visitors/token.py setattr",
    "visitors/observe.py setattr",  # names of columns, written in the function above
}
