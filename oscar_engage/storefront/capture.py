"""How do we follow a request of the shop without touching it? Every step of ours guarded, everything written afterwards."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from oscar_engage.signals import buffer as buffers
from oscar_engage.signals.buffer import Buffer
from oscar_engage.signals.faults import note_fault
from oscar_engage.storefront.flush import flush
from oscar_engage.storefront.nonce import read_nonce
from oscar_engage.storefront.pages import is_excluded
from oscar_engage.storefront.preview import begin_preview, draft_script, finish_preview, is_preview
from oscar_engage.storefront.snippet import can_carry_snippet, insert_snippet, settle_scripts

_DOCUMENTS = (b"<!doctype", b"<html")
_HEAD = 512  # bytes in which a document says that it is one; templates often begin with empty lines


def capture(request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Return the shop's own response; what happened on the way is written once its last byte is out."""
    buffer = _begin(request)
    if buffer is None:
        return get_response(request)
    try:
        response = get_response(request)
    finally:
        buffers.release(buffer)
    if buffer.is_sensed:
        _complete(request, response)
    finish_preview(request, response)
    _settle(request, response)
    _flush_on_close(buffer, response)
    return response


def prepare_nonce(request: HttpRequest) -> None:
    """Have the page's nonce made where the shop has one, so that the policy names it: later is too late for our scripts."""
    try:
        if buffers.get_buffer(request) is not None:
            read_nonce(request)
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("nonce")


def prepare_page(request: HttpRequest, response: SimpleTemplateResponse) -> None:
    """Note the context of a page about to be rendered, and have our tags inserted right after that."""
    try:
        buffer = buffers.get_buffer(request)
        if buffer is not None and buffer.is_sensed:
            # Out of a page cache, a response comes rendered and without its context.
            buffer.context = getattr(response, "context_data", None) or {}
            if can_carry_snippet(request, response):
                response.add_post_render_callback(partial(_insert, request))
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("prepare_page")


def _begin(request: HttpRequest) -> Buffer | None:
    try:
        return buffers.bind(request, is_sensed=not is_excluded(request) and not begin_preview(request))
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("begin")
        return None


def _insert(request: HttpRequest, response: SimpleTemplateResponse) -> None:
    try:
        insert_snippet(request, response)
    except Exception:  # noqa: BLE001 - runs while the shop's page is built: a page without our tags is still a page
        note_fault("snippet")


def _complete(request: HttpRequest, response: HttpResponseBase) -> None:
    """Add our tags to a page that no template response made: a flatpage, a 404, a view's own ``render``."""
    try:
        if not isinstance(response, HttpResponse) or isinstance(response, SimpleTemplateResponse):
            return
        if _is_whole_page(request, response):
            insert_snippet(request, response)
            if response.has_header("Content-Length"):  # set by a middleware between us and the view
                response["Content-Length"] = str(len(response.content))
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("snippet")


def _settle(request: HttpRequest, response: HttpResponseBase) -> None:
    try:
        if isinstance(response, HttpResponse):
            settle_scripts(request, response, drafts=draft_script() if is_preview(request) else "")
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("nonce")


def _is_whole_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a document for the browser's window: no fragment, no download, no error of the server, not ours.

    A response with an ETag has been compared already with what the browser has; it stays the bytes that the tag stands for.
    """
    match = request.resolver_match
    is_ours = match is not None and "engage" in match.app_names
    is_kept = response.has_header("ETag") or response.has_header("Content-Disposition")
    if is_ours or is_kept or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return False
    return can_carry_snippet(request, response) and response.content[:_HEAD].lstrip().lower().startswith(_DOCUMENTS)


def _flush_on_close(buffer: Buffer, response: HttpResponseBase) -> None:
    # Django runs resource closers when the server closes the response, after the body and before ``request_finished``
    # gives the database connections back.
    try:
        response._resource_closers.append(_Flush(buffer, response))  # type: ignore[attr-defined]  # not in the stubs
    except Exception:  # noqa: BLE001 - runs in each request of the shop, which must not notice
        note_fault("flush_on_close")


class _Flush:
    """The flush of one response; a copy of the response in a page cache has one that does nothing."""

    def __init__(self, buffer: Buffer | None = None, response: HttpResponseBase | None = None) -> None:
        self._buffer, self._response = buffer, response

    def __call__(self) -> None:
        if self._buffer is not None and self._response is not None:
            flush(self._buffer, self._response)

    def __reduce__(self) -> tuple[type["_Flush"], tuple[()]]:
        # A request cannot be pickled: a cache outside us would fail, and the shop's page with it.
        return _Flush, ()
