"""Who asks, may they, and how often? A key in the header; its scopes, its user's permissions, its requests a minute."""

import time
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from oscar_engage.api.described import DescribedSchema
from oscar_engage.keys.models import ApiKey
from oscar_engage.keys.store import UnknownKeyError, find_key
from oscar_engage.modules import is_on
from oscar_engage.switch import state

_WORD = "bearer"


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer eng_…``: never a cookie, so that no other site can have a browser ask."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """Return the member of staff and the key; nothing without the header."""
        word, _blank, text = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != _WORD:
            return None
        try:
            key = find_key(text.strip(), now=timezone.now())
        except UnknownKeyError:
            raise AuthenticationFailed("This key is not known.") from None
        user: Any = get_user_model()._default_manager.filter(pk=key.user_id, is_active=True).first()
        if user is None or not user.is_staff:
            raise AuthenticationFailed("Whoever made this key is no active member of staff.")
        return user, key

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


class HasScope(BasePermission):
    """Whether the key is for this, and its user may do it at the desk, too."""

    message = "This key, or whoever made it, may not do that."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask the view what its method needs; what names nothing is for nobody."""
        needed: tuple[str, tuple[str, ...]] | None = getattr(view, "needs", {}).get(request.method)
        if needed is None:
            return request.method == "OPTIONS" or request.method not in getattr(view, "allowed_methods", ())
        scope, permissions = needed
        user: Any = request.user
        return scope in request.auth.scopes and all(user.has_perm(f"oscar_engage.{name}") for name in permissions)


class IsKnown(BasePermission):
    """Whether somebody with a key asks."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether there is one."""
        return isinstance(request.auth, ApiKey)


class KeyThrottle(SimpleRateThrottle):
    """As many requests a minute as the key has, counted in the shop's cache."""

    scope = "engage_key"
    rate = "120/min"
    timer = time.time

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return by what is counted."""
        return f"engage-api:{request.auth.pk}" if isinstance(request.auth, ApiKey) else None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count by the key's own number."""
        if isinstance(request.auth, ApiKey):
            self.num_requests = request.auth.per_minute
        return bool(super().allow_request(request, view))


class PlainJSON(JSONParser):
    """JSON, and what is nested deeper than Python reads is none."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Return what was sent."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deep") from None


class EngageView(APIView):
    """Base of all views: a key, its scope, its pace; 404 while the module, or everything, is off."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (IsKnown, HasScope)
    throttle_classes = (KeyThrottle,)
    parser_classes = (PlainJSON,)
    renderer_classes = (JSONRenderer,)
    schema = DescribedSchema()
    module = ""
    needs: dict[str, tuple[str, tuple[str, ...]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look whether there is anything here before who asks is let in."""
        if not state.is_on() or (self.module and not is_on(self.module)):
            raise Http404
        super().initial(request, *args, **kwargs)
