"""The race itself, in a process of its own: prints as JSON how often not exactly three got a place, and how many failed.

Each worker keeps a place for an invitation in a transaction of its own, as patient as the shop's; or takes a slot for a chat. A
beat is less patient: it gives up after a tenth of a second, and its browser comes again. How often that is so here is told, and
that even then nobody gets a place too many.
"""

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

WORKERS, CAPACITY, ROUNDS = 16, 3, 100


def main() -> dict[str, dict[str, int]]:
    """Race in both modes, and for chats."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import override_settings

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        found = {"strict": _rounds(_keep)}
        with override_settings(OSCAR_ENGAGE={"DIALER": "predictive"}):
            found["predictive"] = _rounds(_keep)
        return {**found, "chats": _rounds(_take), "beats": _rounds(_keep_in_beat)}
    finally:
        connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)


def _rounds(work: Callable[[Any, int], bool]) -> dict[str, int]:
    from oscar_engage.desk.dialer.models import Hold
    from oscar_engage.desk.models import Agent

    wrong = errors = most = 0
    gate = threading.Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as pool:
        for _number in range(ROUNDS):
            scene = _make_scene()
            tries = [pool.submit(_together, gate, work, scene, place) for place in range(WORKERS)]
            failed = [error for one in tries if (error := one.exception()) is not None]
            for error in failed if work is not _keep_in_beat else ():
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
            errors += len(failed)
            kept = sum(one.exception() is None and one.result() for one in tries)
            used = Agent.objects.get(pk=scene["agent"].pk).used_tenths
            is_predictive = Hold.objects.filter(agent__isnull=True).exists()
            most = max(most, kept, used // 10)
            wrong += kept != CAPACITY or used != (0 if is_predictive else CAPACITY * 10)
        for one in [pool.submit(_together, gate, _close, None, place) for place in range(WORKERS)]:
            one.result()
    return {"rounds": ROUNDS, "wrong": wrong, "errors": errors, "most": most}


def _together(gate: threading.Barrier, work: Callable[[Any, int], bool], scene: Any, place: int) -> bool:
    gate.wait()
    return work(scene, place)


def _make_scene() -> dict[str, Any]:
    """Begin anew: one agent with room for three, and sixteen shoppers with a chat that waits, if chats are raced for."""
    import uuid

    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from oscar_engage.desk.dialer.models import Hold
    from oscar_engage.desk.models import Agent, Conversation
    from oscar_engage.desk.presence import set_presence

    now = timezone.now()
    Hold.objects.all().delete()
    Conversation.objects.all().delete()
    Agent.objects.all().delete()
    user, _is_new = get_user_model().objects.get_or_create(username="mia", email="mia@shop.example")
    agent = Agent.objects.create(user=user, display_name="Mia", capacity=CAPACITY)
    return {"agent": set_presence(agent, "online", now=now), "now": now, "visitors": [uuid.uuid4() for _ in range(WORKERS)]}


def _keep(scene: Any, place: int) -> bool:
    from django.db import transaction

    with transaction.atomic():
        return _keep_place(scene, place)


def _keep_in_beat(scene: Any, place: int) -> bool:
    from oscar_engage.visitors.guard import own_transaction

    with own_transaction():
        return _keep_place(scene, place)


def _keep_place(scene: Any, place: int) -> bool:
    import uuid

    from oscar_engage.desk.dialer.offer import keep_place

    return keep_place(decision_id=uuid.uuid4(), visitor_id=scene["visitors"][place], now=scene["now"])


def _take(scene: Any, place: int) -> bool:
    from django.db import transaction

    from oscar_engage.desk.slots import NoFreeSlotError, use_slot

    try:
        with transaction.atomic():
            use_slot(scene["agent"], now=scene["now"])
    except NoFreeSlotError:
        return False
    return True


def _close(_scene: Any, _place: int) -> bool:
    from django.db import connections

    connections.close_all()
    return True


if __name__ == "__main__":
    print(json.dumps(main()))
