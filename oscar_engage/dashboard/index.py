"""Where does the dashboard's short address lead? To the first page that this user may see."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from oscar_engage.dashboard.access import INDEX_PAGES
from oscar_engage.dashboard.navigation import may_open


class IndexView(View):
    """``/dashboard/engage/``: no page of its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the first of the pages, or refuse whoever may see none of them.

        Oscar's decorator has refused already; this holds even where a shop has emptied the permissions, for Oscar
        decorates nothing then.
        """
        for name in INDEX_PAGES:
            if request.user.is_authenticated and may_open(request.user, f"engage_dashboard:{name}"):
                return redirect(f"engage_dashboard:{name}")
        raise PermissionDenied
