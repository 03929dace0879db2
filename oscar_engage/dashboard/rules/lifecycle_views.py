"""The buttons of a rule's life: publish, ask, send back, pause, archive, take back, roll back; and the page of its history."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from oscar_engage.dashboard.rules.history import compare, read_history
from oscar_engage.dashboard.rules.reading import engagement_kinds
from oscar_engage.dashboard.rules.saving import no_room
from oscar_engage.dashboard.rules.standing import read_standing
from oscar_engage.rules.errors import ArchivedRuleError, ChangedMeanwhileError, InvalidRuleError
from oscar_engage.rules.life.approval import (
    LONGEST_COMMENT,
    PERMISSION,
    NothingWaitsError,
    WrongCommentError,
    ask_for_approval,
    send_back,
)
from oscar_engage.rules.life.publish import NothingToPublishError, latest_version, pause, publish, roll_back
from oscar_engage.rules.life.states import archive, take_back
from oscar_engage.rules.limits import TooManyRulesError
from oscar_engage.rules.models import Rule, RuleVersion

_NUMBER = re.compile(r"[0-9]{1,9}")
TEMPLATES = "oscar_engage/dashboard/rules/"


class RuleHistoryView(View):
    """Every version, what changed between two of them, and what was done to the rule."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the history; ``from`` and ``to`` choose the versions to compare."""
        rule = get_object_or_404(Rule.objects.select_related("published"), pk=pk)
        history = read_history(rule, page=request.GET.get("page"))
        context = {
            "rule": rule,
            "history": history,
            "compared": compare(rule, request.GET.dict(), history.numbers),
            "standing": read_standing(rule, now=timezone.now()),
        }
        return render(request, TEMPLATES + "history.html", context)


class RuleActionView(View, ABC):
    """One thing to do with a rule; subclasses do it in :meth:`act` and return what to say then."""

    http_method_names = ["post"]

    @abstractmethod
    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Do it; ``options`` are ``user`` and ``now``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say why not; then go on where the button was."""
        rule = get_object_or_404(Rule, pk=pk)
        attempt(request, lambda: self.act(request, rule, user=request.user, now=timezone.now()))
        page = "history" if "history" in request.POST or not request.user.has_perm("oscar_engage.change_rule") else "edit"
        return redirect(f"engage_dashboard:engage-rule-{page}", rule.pk)


class RulePublishView(RuleActionView):
    """Make the latest saved version live."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Publish the version that the page showed."""
        version = publish(rule, engagements=engagement_kinds(), expected=_number(request, "number"), **options)
        return _("Version %(number)d of “%(name)s” is live.") % {"number": version.number, "name": rule.name}


class RuleAskView(RuleActionView):
    """Ask that the latest saved version be published."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Let it wait for an approver."""
        version = latest_version(rule)
        if version is None:
            raise NothingToPublishError(str(rule))
        ask_for_approval(version, **options)
        return _("Version %(number)d of “%(name)s” waits for approval.") % {"number": version.number, "name": rule.name}


class RuleSendBackView(RuleActionView):
    """Answer a request with what is to change."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Send it back, if the sentence is there."""
        request_sent = send_back(rule, request.POST.get("comment", ""), **options)
        return _("Version %(number)d of “%(name)s” is sent back.") % {
            "number": request_sent.version.number,
            "name": rule.name,
        }


class RulePauseView(RuleActionView):
    """Take a rule out of the live ones."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Pause it."""
        pause(rule, **options)
        return _("“%(name)s” is paused.") % {"name": rule.name}


class RuleArchiveView(RuleActionView):
    """Put a rule away."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Archive it."""
        archive(rule, **options)
        return _("“%(name)s” is archived.") % {"name": rule.name}


class RuleTakeBackView(RuleActionView):
    """Take a rule out of the archive."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Make it a draft."""
        take_back(rule, **options)
        return _("“%(name)s” is a draft again.") % {"name": rule.name}


class RuleRollBackView(RuleActionView):
    """Make an old version the newest draft, and live at once for who may and wants."""

    def act(self, request: HttpRequest, rule: Rule, **options: Any) -> str:
        """Roll back to the version ``number``; ``publish`` among the fields asks for more."""
        number, engagements = _number(request, "number") or 0, engagement_kinds()
        version = roll_back(rule, number, engagements=engagements, **options)
        words = {"old": number, "number": version.number, "name": rule.name}
        if "publish" in request.POST and request.user.has_perm(PERMISSION):
            publish(rule, engagements=engagements, expected=version.number, **options)
            return _("Version %(old)d of “%(name)s” is live again, as version %(number)d.") % words
        return _("Version %(old)d of “%(name)s” is the newest draft, as version %(number)d.") % words


def attempt(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Return whether ``act`` succeeded, and say what it says, or what stood against it."""
    try:
        said = act()
    except InvalidRuleError as error:
        for mistake in error.errors:
            messages.error(request, mistake.message)
    except TooManyRulesError:
        messages.warning(request, no_room())
    except (NothingToPublishError, RuleVersion.DoesNotExist):
        messages.error(request, _("Save the rule first: it has no such version."))
    except ChangedMeanwhileError as error:
        words = _("Version %(number)d was saved meanwhile; have a look at it first. Nothing was done.")
        messages.warning(request, words % {"number": error.number})
    except ArchivedRuleError:
        messages.error(request, _("This rule is archived. Take it back as a draft first."))
    except NothingWaitsError:
        messages.warning(request, _("Nothing waits for approval any more."))
    except WrongCommentError:
        words = _("Say in 1 to %(limit)d characters what is to change.")
        messages.error(request, words % {"limit": LONGEST_COMMENT})
    else:
        messages.success(request, said)
        return True
    return False


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if _NUMBER.fullmatch(typed) else None
