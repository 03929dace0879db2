"""Yes in many tabs at the same moment: each scene returns what came of it. Run as a program, all of them on an SQLite file."""

import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

AT_ONCE = 8
T = TypeVar("T")


def race(acts: list[Callable[[], T]]) -> list[T]:
    """Return what each of ``acts`` gives, all begun at the same moment, each in a thread of its own."""
    from django.db import connection, connections  # noqa: PLC0415 - run as a program, Django is set up first

    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


class Shop:
    """Boots, a shopper who has one pair in the basket, and the chat with Mia."""

    def __init__(self, *, stock: int = 50) -> None:
        from tests.storefront.acting import begin_chat, make_agent  # noqa: PLC0415 - as above
        from tests.storefront.beats import known_shopper  # noqa: PLC0415 - as above
        from tests.storefront.journeys import add_to_basket, stock_shop  # noqa: PLC0415 - as above

        self.product = stock_shop()
        self.product.stockrecords.update(num_in_stock=stock)
        self.agent, self.shopper = make_agent(f"Mia {uuid.uuid4().hex}"), known_shopper()
        self.chat = begin_chat(self.shopper, self.agent)
        add_to_basket(self.shopper, self.product)
        self.shopper.get("/basket/")
        self.basket = self.product.basket_lines.latest("pk").basket

    def tab(self) -> Any:
        """Return another tab of the shopper's browser."""
        from django.test import Client  # noqa: PLC0415 - as above

        tab = Client()
        tab.cookies = self.shopper.cookies.copy()
        return tab

    def offer(self, act: str, **typed: object) -> Any:
        from tests.storefront.acting import offer  # noqa: PLC0415 - as above

        return offer(self.chat, self.agent, act, **typed)

    def yes(self, proposals: list[Any]) -> tuple[dict[str, int], set[int]]:
        """Say yes to each of ``proposals`` in a tab of its own at once; return how they ended, and the answers' statuses."""
        from oscar_engage.desk.acts.models import Proposal  # noqa: PLC0415 - as above
        from tests.storefront.acting import say  # noqa: PLC0415 - as above

        tabs = [self.tab() for _proposal in proposals]
        answers = race([lambda tab=tab, one=one: say(tab, one) for tab, one in zip(tabs, proposals, strict=True)])
        ends = Proposal.objects.filter(pk__in={one.pk for one in proposals}).values_list("state", flat=True)
        return dict(Counter(ends)), {answer.status_code for answer in answers}

    def pieces(self) -> int:
        """Return how many pairs are in the basket."""
        return sum(self.basket.lines.values_list("quantity", flat=True))


def one_proposal_in_many_tabs() -> object:
    shop = Shop()
    proposal = shop.offer("basket.add", product=shop.product.pk, quantity=2)
    outcome = shop.yes([proposal] * AT_ONCE)
    return outcome, shop.pieces(), shop.chat.messages.filter(settles__isnull=False).count()


def three_proposals_at_once() -> object:
    shop = Shop()
    proposals = [shop.offer("basket.add", product=shop.product.pk, quantity=2) for _time in range(3)]
    return shop.yes(proposals), shop.pieces()


def more_than_the_stock() -> object:
    """Of two pairs that are left beside the one in the basket, three ask for two each."""
    shop = Shop(stock=3)
    proposals = [shop.offer("basket.add", product=shop.product.pk, quantity=2) for _time in range(3)]
    return shop.yes(proposals), shop.pieces()


def two_vouchers_of_their_own() -> object:
    from oscar.core.loading import get_model  # noqa: PLC0415 - as above

    from oscar_engage.shop.acts.fresh_voucher import SET_NAME  # noqa: PLC0415 - as above
    from tests.storefront.journeys import VOUCHER  # noqa: PLC0415 - as above

    shop = Shop()
    proposals = [shop.offer("voucher.give", template=VOUCHER) for _time in range(3)]
    outcome = shop.yes(proposals)
    made = get_model("voucher", "Voucher").objects.filter(voucher_set__name=SET_NAME, basket=shop.basket)
    return outcome, made.count(), shop.basket.vouchers.count()


def yes_and_the_bank() -> object:
    """The checkout freezes the basket at that moment: the boots are in it if they were said to be, and else they are not."""
    from tests.storefront.acting import say  # noqa: PLC0415 - as above

    shop = Shop()
    proposal = shop.offer("basket.add", product=shop.product.pk, quantity=2)
    tab = shop.tab()
    race([lambda: say(tab, proposal), shop.basket.freeze])
    proposal.refresh_from_db()
    return shop.pieces() - 1 == (2 if proposal.state == "done" else 0), proposal.state in {"done", "failed"}


def vouchers_of_one_agent() -> object:
    """Eight chats, eight proposals at once, and a share of five a day."""
    from oscar_engage.desk.acts.registry import ActRefusedError  # noqa: PLC0415 - as above
    from tests.storefront.acting import begin_chat, offer  # noqa: PLC0415 - as above
    from tests.storefront.beats import known_shopper  # noqa: PLC0415 - as above
    from tests.storefront.journeys import VOUCHER  # noqa: PLC0415 - as above

    shop = Shop()
    chats = [begin_chat(known_shopper(), shop.agent) for _chat in range(AT_ONCE)]

    def propose(chat: Any) -> bool:
        try:
            return bool(offer(chat, shop.agent, "voucher.apply", code=VOUCHER))
        except ActRefusedError:
            return False

    return sum(race([lambda chat=chat: propose(chat) for chat in chats]))


EXPECTED: dict[Callable[[], object], object] = {
    one_proposal_in_many_tabs: (({"done": 1}, {302}), 3, 1),
    three_proposals_at_once: (({"done": 3}, {302}), 7),
    more_than_the_stock: (({"done": 1, "failed": 2}, {302}), 3),
    two_vouchers_of_their_own: (({"done": 1, "failed": 2}, {302}), 1, 1),
    yes_and_the_bank: (True, True),
    vouchers_of_one_agent: 5,
}
"""Each scene with what has to come of it, on every database."""


def main() -> int:
    """Play every scene on the settings' database, which is made first, and print what came of each."""
    import django  # noqa: PLC0415 - run as a program

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - once it is set up

    from oscar_engage.conf import get_settings  # noqa: PLC0415 - the same
    from tests.storefront.journeys import VOUCHER, give_voucher  # noqa: PLC0415 - the same
    from tests.tables import make_tables  # noqa: PLC0415 - the same

    make_tables()
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "ACT_VOUCHER_TEMPLATES": [VOUCHER]}
    get_settings.cache_clear()  # a migration may have read them
    give_voucher()
    wrong = 0
    for scene, expected in EXPECTED.items():
        came = scene()
        wrong += came != expected
        print(scene.__name__, came)  # noqa: T201 - what the test reads
    return wrong


if __name__ == "__main__":
    sys.exit(main())
