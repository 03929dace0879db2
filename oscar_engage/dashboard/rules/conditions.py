"""How is edited what is a form and one tree of conditions, such as a segment? On one page, and nothing typed is lost."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from oscar_engage.dashboard.fragment import is_htmx
from oscar_engage.dashboard.rules.controls import build_form, id_of
from oscar_engage.dashboard.rules.draft import Raw, read_draft
from oscar_engage.dashboard.rules.offer import offer_segments
from oscar_engage.dashboard.rules.undo import offer as offer_undo
from oscar_engage.dashboard.rules.undo import press
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.segments.store import PATH

M = TypeVar("M", bound=Model)

_TEMPLATES = "oscar_engage/dashboard/"


class ConditionsEditorView(View, ABC, Generic[M]):
    """The page of one object, new or not, whose ``document`` is a group of conditions.

    ``name``: what the object is called in the page's template, ``page`` and ``fragment``: the templates of the page and of its
    nested form, below the dashboard's folder. ``empty``: the group in which a new object begins.
    """

    model: type[M]
    form_class: "type[BaseModelForm[M]]"
    name: ClassVar[str]
    page: ClassVar[str]
    fragment: ClassVar[str]
    empty: ClassVar[Mapping[str, Any]]

    @abstractmethod
    def save(self, form: "BaseModelForm[M]", raw: Raw) -> HttpResponse | Sequence[FieldError]:
        """Save what the form and the draft say if both are right, and lead on; else return what is wrong with the draft."""

    @abstractmethod
    def segments_of(self, edited: M) -> Mapping[str, str]:
        """Return the segments that may stand in the conditions, slug to name."""

    @abstractmethod
    def words_of(self, edited: M, raw: Raw) -> str:
        """Return what the draft says."""

    def more_context(self, edited: M) -> dict[str, Any]:
        """Return what else the page's template wants."""
        return {}

    def get_edited(self) -> M:
        """Return the object in the address; an address that names none is for a new one, which is not saved yet."""
        return get_object_or_404(self.model, pk=self.kwargs["pk"]) if "pk" in self.kwargs else self.model()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what is stored, or the form of a new one."""
        edited = self.get_edited()
        stored = getattr(edited, "document", None)
        return self._show(self.form_class(instance=edited), {PATH: stored or dict(self.empty)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says."""
        raw, form = read_draft(request.POST.lists()), self.form_class(request.POST, instance=self.get_edited())
        edit = request.POST.get("edit", "")
        if not edit:
            saved = self.save(form, raw)
            return saved if isinstance(saved, HttpResponse) else self._show(form, raw, errors=saved, status=422)
        pressed = press(raw, edit, request.POST.getlist("removed"))
        if is_htmx(request):
            template = "rules/_sentence.html" if edit == "preview" else self.fragment
            context = self._draft_context(self.get_edited(), pressed.raw, place=pressed.place, removed=pressed.removed)
            return render(request, _TEMPLATES + template, context | {"is_fragment": True})
        return self._show(form, pressed.raw, place=pressed.place, removed=pressed.removed, is_checked=False)

    def _draft_context(
        self, edited: M, raw: Raw, *, errors: Sequence[FieldError] = (), place: str = "", removed: Sequence[str] = ()
    ) -> dict[str, Any]:
        return {
            "document": offer_segments(build_form(raw, engagements={}, errors=errors), self.segments_of(edited)),
            "words": self.words_of(edited, raw),
            "focus": id_of(place) if place else "",
            "removed": removed,
            "undo": offer_undo(raw, removed),
        }

    def _show(
        self, form: "BaseModelForm[M]", raw: Raw, *, status: int = 200, is_checked: bool = True, **draft: Any
    ) -> HttpResponse:
        edited = self.get_edited()
        context = {
            **self._draft_context(edited, raw, **draft),
            "form": form,
            "show_form_errors": is_checked and form.is_bound,
            self.name: edited,
            **self.more_context(edited),
        }
        return render(self.request, _TEMPLATES + self.page, context, status=status)
