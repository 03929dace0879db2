"""How does an act touch a basket? Only the request's own, as it is now, in one transaction; what fails leaves it as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import router, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from oscar_engage.desk.acts.registry import ActRefusedError, Params
from oscar_engage.signals.faults import note_fault


@contextmanager
def own_basket(request: HttpRequest, params: Params) -> Iterator[Any]:
    """Give the shopper's basket, locked against their other tabs and the checkout until the block ends.

    ``params["basket_id"]`` is the basket that the agent saw: when that is being paid for, or was ordered, nothing is done to
    the next one. Raises ``ActRefusedError``. Any error in the block undoes what it did in the shop's database.
    """
    basket: Any = request.basket  # type: ignore[attr-defined]  # Oscar's middleware put it there
    was_saved = basket.id is not None
    committed: list[bool] = []
    model = get_model("basket", "Basket")
    using = router.db_for_write(model)
    try:
        with transaction.atomic(using=using):
            transaction.on_commit(lambda: committed.append(True), using=using, robust=True)
            _check_seen(model, params.get("basket_id"), basket)
            if was_saved:
                _lock(model, basket)
                _read_anew(request, basket)
            yield basket
    except BaseException as error:
        if committed and isinstance(error, Exception):  # it is done: what failed is something that the shop does afterwards
            note_fault("act_afterwards")
            return
        _forget(basket, was_saved=was_saved)
        raise


def _check_seen(model: Any, basket_id: int | None, basket: Any) -> None:
    if basket_id is None or basket_id == basket.id:
        return
    status = model.objects.filter(pk=basket_id).values_list("status", flat=True).first()
    if status in {model.FROZEN, model.SUBMITTED}:
        raise _refuse_status(model, status)


def _lock(model: Any, basket: Any) -> None:
    """Change nothing, if it is open: on PostgreSQL that locks the row, on SQLite, which has no such locks, the database."""
    if not model.objects.filter(pk=basket.id, status=model.OPEN).update(status=model.OPEN):
        raise _refuse_status(model, model.objects.filter(pk=basket.id).values_list("status", flat=True).first())


def _refuse_status(model: Any, status: str | None) -> ActRefusedError:
    if status == model.SUBMITTED:
        return ActRefusedError(_("The basket was ordered in the meantime."))
    return ActRefusedError(_("The basket is just being paid for."))


def _read_anew(request: HttpRequest, basket: Any) -> None:
    """Another tab may have changed the lines since this request read them; then the offers, as Oscar's middleware does it."""
    basket.reset_offer_applications()
    if not basket.is_empty:
        get_class("offer.applicator", "Applicator")().apply(basket, request.user, request)


def _forget(basket: Any, *, was_saved: bool) -> None:
    """Have the request's basket know nothing of what was undone: Oscar would hand out a cookie for a row that is not there."""
    basket.reset_offer_applications()
    if not was_saved:
        basket.id = None
        basket._state.adding = True


class _Listener:
    """Stands in for Django's messages and hears what Oscar's views say."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str, str]] = []

    def add(self, level: int, message: object, extra_tags: str = "") -> None:
        self.heard.append((level, str(message), extra_tags))


@contextmanager
def overhear(request: HttpRequest) -> Iterator[list[tuple[int, str, str]]]:
    """Give what Oscar's views say in the block through ``django.contrib.messages``: level, words and tags.

    The shopper reads the outcome in the chat; what is worth to be read in the shop as well is passed on (:func:`pass_on`).
    """
    kept, listener = request._messages, _Listener()  # type: ignore[attr-defined]  # Django's middleware put it there
    request._messages = listener  # type: ignore[attr-defined]  # the same
    try:
        yield listener.heard
    finally:
        request._messages = kept  # type: ignore[attr-defined]  # the same


def pass_on(request: HttpRequest, heard: list[tuple[int, str, str]]) -> None:
    """Say in the shop what its views said: the new total, an offer gained or lost."""
    for level, words, tags in heard:
        request._messages.add(level, words, tags)  # type: ignore[attr-defined]  # the same


def form_errors(form: Any) -> str:
    """Return what is wrong, in the words of Oscar's form."""
    return " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
