"""The shop's front page and its few pages of information."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from oscar.core.loading import get_model

from oscar_engage.signals import record

#: Shown on the front page.
BEST_SELLERS = 8

TOPICS = {
    "delivery": _("Delivery"),
    "returns": _("Returns"),
    "repairs": _("Repairs and spare parts"),
    "contact": _("Contact"),
}


class HomeView(TemplateView):
    """Departments as tiles, and what sells best."""

    template_name = "sandbox/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the leaf categories with a picture and the products with the highest priority."""
        category, product = get_model("catalogue", "Category"), get_model("catalogue", "Product")
        return super().get_context_data(
            tiles=category.objects.browsable().filter(numchild=0).exclude(image="").order_by("path"),
            best_sellers=product.objects.browsable().base_queryset().order_by("-priority", "upc")[:BEST_SELLERS],
            **kwargs,
        )


class InformationView(TemplateView):
    """One page of information; the topic names its template. To the shop these are its help."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page and record what it tells: help was looked at, or a question begins. An unknown topic is a 404."""
        if kwargs["topic"] not in TOPICS:
            raise Http404
        response: HttpResponse = super().get(request, *args, **kwargs)
        if kwargs["topic"] == "contact":
            record(request, "help.contact_opened", form="contact")
        else:
            record(request, "help.opened", article=kwargs["topic"], language=get_language() or "")
        return response

    def get_template_names(self) -> list[str]:
        """The topic's template."""
        return [f"sandbox/information/{self.kwargs['topic']}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page's title."""
        return super().get_context_data(title=TOPICS.get(self.kwargs["topic"]), **kwargs)
