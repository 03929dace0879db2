"""Which part of a page is meant? A place in a page that is the same for all, and what stands there for a segment."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.core import signing
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.template import Context, Node, NodeList, RequestContext, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Parser, Token
from django.template.context import make_context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oscar_engage import modules
from oscar_engage.core.registry import Registry
from oscar_engage.rules.segments.shelf import SLUG
from oscar_engage.signals.faults import note_fault
from oscar_engage.switch.state import is_on

_SALT = "oscar_engage.personal_part"
_COUNTED = "_engage_segments"
_BITS = 2  # the tag's name and the segment's


@dataclass(frozen=True, slots=True)
class Part:
    """One personal part: where it is written, for which segment, and which of several for it there (counted from 0).

    ``source`` is a template's name; for a part of another ``kind`` whatever its reader in :data:`READERS` understands.
    """

    source: str
    segment: str
    number: int
    kind: str = ""


READERS: Registry[Callable[[Part, HttpRequest], SafeString | None]] = Registry("personal part")
"""Who renders the parts that are written elsewhere than in templates. ``None``: there is no such part (any more), or this
request may not have it; an exception counts as a fault. Register from ``AppConfig.ready()``."""


class SegmentNode(Node):
    """What ``{% engage_segment %}`` compiles to: ``default`` goes into the page, ``personal`` is fetched by who is meant."""

    child_nodelists = ("personal", "default")

    def __init__(self, segment: str, number: int, personal: NodeList, default: NodeList) -> None:
        self.segment, self.number, self.personal, self.default = segment, number, personal, default

    def render(self, context: Context) -> SafeString:
        """Return the default part in a place that the browser may fill otherwise; the same for every visitor."""
        default = self.default.render(context)
        template = getattr(self.origin, "template_name", None)
        if not template or not (is_on() and modules.is_on("rules")):
            return default
        return place_of(Part(str(template), self.segment, self.number), default)


def compile_segment(parser: Parser, token: Token) -> SegmentNode:
    """Compile ``{% engage_segment "slug" %}…{% engage_else %}…{% endengage_segment %}``; the default may be left out."""
    bits = token.split_contents()
    slug = bits[1][1:-1] if len(bits) == _BITS and bits[1][:1] == bits[1][-1:] and bits[1][:1] in "\"'" else ""
    if not SLUG.fullmatch(slug):
        raise TemplateSyntaxError('engage_segment takes a segment\'s short name in quotes: {% engage_segment "regulars" %}.')
    personal = parser.parse(("engage_else", "endengage_segment"))
    default = NodeList()
    if parser.next_token().contents == "engage_else":
        default = parser.parse(("endengage_segment",))
        parser.delete_first_token()
    if personal.get_nodes_by_type(SegmentNode) or default.get_nodes_by_type(SegmentNode):
        raise TemplateSyntaxError("engage_segment cannot lie in another engage_segment: name a segment that joins both.")
    counted: Counter[str] = vars(parser).setdefault(_COUNTED, Counter())  # one parser reads one template
    counted[slug] += 1
    return SegmentNode(slug, counted[slug] - 1, personal, default)


def place_of(part: Part, inside: SafeString) -> SafeString:
    """Return the place of ``part``, with what is in it for now: the default in a page, the part itself in an answer."""
    return format_html('<div data-engage-segment="{}">{}</div>', sign_part(part), inside)


@lru_cache(maxsize=512)
def sign_part(part: Part) -> str:
    """Return ``part`` as a text that only we can write; equal parts give equal texts, so that pages stay equal.

    Kept, for signing takes longer than the rest of a part, and a shop has few parts on many pages.
    """
    said = [part.source, part.segment, part.number, *([part.kind] if part.kind else [])]
    return signing.Signer(salt=_SALT).sign_object(said)


def read_part(signed: str) -> Part | None:
    """Return the part in ``signed``, or ``None`` when we did not sign it."""
    try:
        return Part(*signing.Signer(salt=_SALT).unsign_object(signed))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def render_part(part: Part, request: HttpRequest) -> SafeString | None:
    """Return the personal part as HTML, with what the context processors give and nothing of the page's own view.

    ``None``: there is no such part any more, or it failed; then the default stays.
    """
    try:
        if not part.kind:
            return _read_template(part, request)
        return READERS.get(part.kind)(part, request) if part.kind in READERS else None
    except TemplateDoesNotExist:
        return None
    except Exception:  # noqa: BLE001 - the shop's template, on a way of its own: the page has its default already
        note_fault("engage_segment")
        return None


def _read_template(part: Part, request: HttpRequest) -> SafeString | None:
    template = get_template(part.source).template  # type: ignore[attr-defined]  # Django's own engine has it
    nodes = template.nodelist.get_nodes_by_type(SegmentNode)
    node = next((node for node in nodes if (node.segment, node.number) == (part.segment, part.number)), None)
    if node is None:
        return None
    context = make_context({}, request)
    assert isinstance(context, RequestContext)  # noqa: S101 - with a request it is one
    with context.bind_template(template), context.render_context.push_state(template):
        personal: SafeString = node.personal.render(context)
        return personal


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "SECRET_KEY":
        sign_part.cache_clear()


setting_changed.connect(_forget, dispatch_uid="engage-personal-part")
