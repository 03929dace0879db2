"""The demo shop is as full as it says, and loading it again changes nothing."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_engage.dashboard.practice.reading import read_history
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.placeholders import check_placeholders
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import Agent, AgentSkill, Queue, Skill
from oscar_engage.desk.practice.models import Practice
from oscar_engage.desk.topics.models import Topic
from sandbox.demo.people import CUSTOMERS, STAFF
from sandbox.demo.replies import REPLIES
from sandbox.demo.tables import read_tables

Category = get_model("catalogue", "Category")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
ProductReview = get_model("reviews", "ProductReview")
StockRecord = get_model("partner", "StockRecord")
Voucher = get_model("voucher", "Voucher")

pytestmark = pytest.mark.django_db
MODELS = (
    Agent,
    AgentSkill,
    CannedReply,
    Category,
    Mailbox,
    Order,
    Practice,
    Product,
    ProductReview,
    Queue,
    Skill,
    StockRecord,
    Topic,
    Voucher,
)


def load() -> str:
    out = io.StringIO()
    call_command("load_sandbox", "--skip-index", stdout=out)
    return out.getvalue()


def test_catalogue__loaded__is_as_large_as_promised() -> None:
    assert Product.objects.exclude(structure=Product.CHILD).count() == 126
    assert Category.objects.filter(numchild=0).count() == 14


def test_stock__loaded__is_plenty_low_and_gone() -> None:
    assert StockRecord.objects.filter(num_in_stock=0).count() >= 20
    assert StockRecord.objects.filter(num_in_stock__range=(1, 3)).count() >= 20
    assert StockRecord.objects.filter(num_in_stock__gt=10).count() >= 200


def test_prices__of_every_variant__are_the_table_s() -> None:
    prices = dict(StockRecord.objects.values_list("partner_sku", "price"))
    expected = {v.upc: row.price for table in read_tables() for row in table.products for v in row.variants()}
    assert prices == expected


def test_pictures__of_every_product__exist(shop_files: Path) -> None:
    pictures = set(get_model("catalogue", "ProductImage").objects.values_list("original", flat=True))
    assert len(pictures) >= 126
    assert [name for name in pictures if not (shop_files / "media" / name).exists()] == []


def test_replies__loaded__can_be_saved_as_they_are() -> None:
    assert CannedReply.objects.count() == len(REPLIES)
    for reply in CannedReply.objects.all():
        for text in reply.texts.values():
            check_placeholders(text)


def test_desk__loaded__has_queues_that_both_agents_can_answer() -> None:
    assert [queue.name for queue in Queue.objects.order_by("pk")] == ["Orders and returns", "Advice"]
    for queue in Queue.objects.exclude(skill=None):
        levels = AgentSkill.objects.filter(skill=queue.skill).order_by("agent__display_name")
        assert [one.agent.display_name for one in levels] == ["Olle", "Tova"]
    assert Mailbox.objects.get().queue.name == "Orders and returns"


def test_practice__loaded__agent_gets_better_from_one_sitting_to_the_next() -> None:
    agent = Agent.objects.get(display_name="Olle")
    shares = [one.sums.share or 0.0 for one in reversed(read_history(agent).sittings)]
    assert len(shares) == 3
    assert shares[0] < shares[-1] == 1.0
    assert not Practice.objects.filter(ended_at=None).exists()


def test_load__queue_was_renamed__keeps_the_supervisor_s_name() -> None:
    Queue.objects.filter(slug="advice").update(name="Gear")
    load()
    assert sorted(Queue.objects.values_list("name", flat=True)) == ["Gear", "Orders and returns"]


def test_load__second_time__adds_nothing_and_asks_little() -> None:
    before = [model.objects.count() for model in MODELS]
    with CaptureQueriesContext(connection) as asked:
        said = load()
    assert len(asked) < 300  # 225; the first time asks thousands
    assert [model.objects.count() for model in MODELS] == before
    assert "products" not in said


def test_load__after_a_product_was_deleted__brings_it_back() -> None:
    Product.objects.get(upc="tents-08").delete()
    assert "products" in load()
    tent = Product.objects.get(upc="tents-08")
    assert tent.children.count() == 2
    assert tent.get_categories().get().slug == "tents"


def test_load__of_a_changed_product__keeps_the_merchant_s_text() -> None:
    Product.objects.filter(upc="tents-01").update(title="Renamed")
    load()
    assert Product.objects.get(upc="tents-01").title == "Renamed"


@pytest.mark.parametrize("person", [*STAFF, *CUSTOMERS], ids=lambda person: person.email)
def test_login__of_every_printed_person__works(client: Client, person) -> None:
    assert client.login(username=person.email, password=person.password)


def test_groups__loaded__hold_what_the_roles_need() -> None:
    def codenames(name: str) -> set[str]:
        return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))

    assert {"view_product", "change_conditionaloffer", "add_voucher", "view_rule", "change_rule"} <= codenames("Merchandisers")
    assert "view_conversation" in codenames("Merchandisers")  # to make articles of replies
    assert "view_conversation" in codenames("Agents")
    assert "view_rule" not in codenames("Agents")
    assert {"view_conversation", "view_decision"} <= codenames("Supervisors")


def test_customers__loaded__have_bought_before() -> None:
    assert {order.user.email for order in Order.objects.all()} == {person.email for person in CUSTOMERS}
    assert all(order.total_incl_tax > 0 and order.lines.exists() for order in Order.objects.all())
