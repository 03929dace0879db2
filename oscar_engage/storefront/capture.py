"""How do we follow a request of the shop without touching it? Every step of ours guarded, everything written afterwards."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from oscar_engage.conf import get_settings
from oscar_engage.signals import buffer as buffers
from oscar_engage.signals.buffer import Buffer
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.flush import flush
from oscar_engage.storefront.pages import is_excluded
from oscar_engage.storefront.snippet import can_carry_snippet, insert_snippet


def is_enabled() -> bool:
    """Whether we are switched on; unusable settings count as off (the system checks name the mistake)."""
    try:
        return get_settings().enabled
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("settings")
        return False


def capture(request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Return the shop's own response; what happened on the way is written once its last byte is out."""
    buffer = _begin(request)
    if buffer is None:
        return get_response(request)
    try:
        response = get_response(request)
    finally:
        buffers.release(buffer)
    _flush_on_close(buffer, response)
    return response


def prepare_page(request: HttpRequest, response: SimpleTemplateResponse) -> None:
    """Note the context of a page about to be rendered, and have our tags inserted right after that."""
    try:
        buffer = buffers.get_buffer(request)
        if buffer is not None:
            buffer.context = response.context_data or {}
            if can_carry_snippet(request, response):
                response.add_post_render_callback(partial(_insert, request))
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("prepare_page")


def _begin(request: HttpRequest) -> Buffer | None:
    try:
        return None if is_excluded(request) else buffers.bind(request)
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("begin")
        return None


def _insert(request: HttpRequest, response: SimpleTemplateResponse) -> None:
    try:
        insert_snippet(request, response)
    except Exception:  # noqa: BLE001 - runs while the shop's page is built: a page without our tags is still a page
        note_fault("snippet")


def _flush_on_close(buffer: Buffer, response: HttpResponseBase) -> None:
    # Django runs resource closers when the server closes the response, after the body and before ``request_finished``
    # gives the database connections back.
    try:
        response._resource_closers.append(partial(flush, buffer, response))  # type: ignore[attr-defined]  # not in the stubs
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("flush_on_close")
