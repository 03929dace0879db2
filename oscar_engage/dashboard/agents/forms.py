"""What may a supervisor say of agents, skills and queues?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Agent, AgentSkill, Level, Queue, QueueMember, Skill

MOST_CHATS = 50
"""Chats at once that an agent can be given: more than anybody can answer."""

LEVELS = [("", pgettext_lazy("level of a skill", "no")), *((str(level), words) for level, words in Level.choices)]

_TEXT = forms.TextInput(attrs={"class": "form-control"})
_SELECT = forms.Select(attrs={"class": "form-control"})
_TICK = forms.CheckboxInput(attrs={"class": "form-check-input"})


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name, chats at once, languages, and a level for each skill there is."""

    capacity = forms.IntegerField(
        label=_("Chats at once"),
        min_value=1,
        max_value=MOST_CHATS,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        help_text=_("A chat in which nobody has written for four minutes counts a tenth."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: questions in any language."),
    )

    class Meta:
        model = Agent
        fields = ("display_name", "capacity", "languages")
        widgets = {"display_name": _TEXT}

    def __init__(self, *args: Any, skills: Sequence[Skill], levels: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(settings.LANGUAGES)
        kept = {code: code for code in self.instance.languages if code not in known}
        self.fields["languages"].choices = [*known.items(), *kept.items()]  # type: ignore[attr-defined]  # a MultipleChoiceField
        self.skills = {f"skill_{skill.pk}": skill for skill in skills}
        for name, skill in self.skills.items():
            level = str(levels.get(skill.pk, ""))
            self.fields[name] = forms.ChoiceField(
                label=skill.name, choices=LEVELS, required=False, initial=level, widget=forms.Select(attrs=_SELECT.attrs)
            )

    @property
    def plain_fields(self) -> list[Any]:
        """Return name and capacity."""
        return [self["display_name"], self["capacity"]]

    @property
    def skill_fields(self) -> list[Any]:
        """Return a field for each skill."""
        return [self[name] for name in self.skills]

    def save_skills(self) -> None:
        """Write the levels; call it in the transaction that saves the agent."""
        AgentSkill.objects.filter(agent=self.instance).delete()
        levels = {skill: self.cleaned_data[name] for name, skill in self.skills.items()}
        AgentSkill.objects.bulk_create(
            AgentSkill(agent=self.instance, skill=skill, level=int(level)) for skill, level in levels.items() if level
        )


class SkillForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Name and short name."""

    class Meta:
        model = Skill
        fields = ("name", "slug")
        widgets = {"name": _TEXT, "slug": _TEXT}
        help_texts = {"slug": _("Small letters, digits and hyphens, such as returns.")}


class QueueForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Where conversations wait, whom they need, and how urgent they are."""

    class Meta:
        model = Queue
        fields = ("name", "slug", "skill", "paths", "head_start", "is_default", "is_members_only")
        widgets = {
            "name": _TEXT,
            "slug": _TEXT,
            "skill": _SELECT,
            "paths": forms.Textarea(attrs={"class": "form-control", "rows": 4}),
            "head_start": forms.NumberInput(attrs={"class": "form-control", "min": 0}),
            "is_default": _TICK,
            "is_members_only": _TICK,
        }
        help_texts = {
            "slug": _("Small letters, digits and hyphens, such as returns."),
            "skill": _("Only agents with this skill are given what waits here. None: all agents."),
            "paths": _(
                "Beginnings of addresses, one a line and without the language, such as /checkout/:"
                " what is asked there waits here."
            ),
            "head_start": _("What waits here counts as having waited so much longer, such as 120; never more than an hour."),
            "is_default": _("One queue can be this; it takes the place of the one that is."),
            "is_members_only": _("To all other agents what is in it does not exist. Supervisors see everything."),
        }

    head_start = forms.IntegerField(
        label=_("Head start in seconds"),
        min_value=0,
        max_value=3600,
        initial=0,
        help_text=Meta.help_texts["head_start"],
        widget=Meta.widgets["head_start"],
    )

    members = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        label=_("Members"),
        required=False,
        widget=forms.SelectMultiple(attrs={"class": "form-control"}),
        help_text=_("Whom the queue is for, if it is for its members alone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = Agent.objects.order_by("display_name", "pk")  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        if self.instance.pk:
            self.fields["members"].initial = list(self.instance.members.values_list("agent_id", flat=True))

    def _get_validation_exclusions(self) -> set[str]:
        # The database's "one default" is seen to by save(), which takes the mark from the other queue first.
        return {*super()._get_validation_exclusions(), "is_default"}  # type: ignore[misc]  # Django's, not in the stubs

    def clean_paths(self) -> str:
        """Return one address a line; each begins with a slash."""
        lines = [line.strip() for line in self.cleaned_data["paths"].splitlines() if line.strip()]
        if not all(line.startswith("/") for line in lines):
            raise forms.ValidationError(_("Begin each address with a slash, such as /checkout/."))
        return "\n".join(lines)

    def save(self, commit: bool = True) -> Any:
        """Save; call it in a transaction, since the mark of the default queue moves along."""
        if self.cleaned_data["is_default"]:
            Queue.objects.filter(is_default=True).exclude(pk=self.instance.pk).update(is_default=False)
        return super().save(commit)

    def save_members(self) -> None:
        """Write who belongs to it; call it in the transaction that saves the queue."""
        chosen = self.cleaned_data["members"]
        QueueMember.objects.filter(queue=self.instance).exclude(agent__in=chosen).delete()
        members = [QueueMember(queue=self.instance, agent=agent) for agent in chosen]
        QueueMember.objects.bulk_create(members, ignore_conflicts=True)
