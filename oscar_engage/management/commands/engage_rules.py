"""Let rules leave and come as a file, or look whether a file, or the shop's own rules, can be used."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from oscar_engage.rules.bundles.export import export_rules
from oscar_engage.rules.bundles.load import Clash, Plan, RulePlan, import_plan, plan_import
from oscar_engage.rules.bundles.shape import LONGEST_BUNDLE, Bundle, read_bundle, write_bundle
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.models import Rule, RuleStatus
from oscar_engage.widgets.bundle import create_engagements, engagement_kinds, is_creatable, read_engagements


class Command(BaseCommand):
    """``manage.py engage_rules export [RULE …]``, ``… check FILE`` and ``… import FILE``; ``-`` is standard input."""

    help = "Export rules as a JSON bundle, check what importing one would do, or import it as drafts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of three actions."""
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write a bundle to standard output")
        export.add_argument("rules", nargs="*", type=int, metavar="RULE", help="numbers of rules; without: all but archived")
        check = actions.add_parser("check", help="say what importing would do, and write nothing; fails if rules are left out")
        load = actions.add_parser("import", help="import as drafts; rules that lack something are left out")
        for one in (check, load):
            one.add_argument("file", help="a bundle, or - for standard input")
            one.add_argument(
                "--clash",
                choices=[clash.value for clash in Clash],
                default=Clash.VERSION.value,
                help="what to do with a rule whose name is there: a new version of it (default), a copy, or leave it out",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["action"] == "export":
            self._export(options["rules"])
            return
        plan = _plan(_read(options["file"]), Clash(options["clash"]))
        self._tell(plan)
        left_out = [rule for rule in plan.rules if rule.problems]
        if options["action"] == "check":
            if left_out:
                raise CommandError(f"{len(left_out)} of {len(plan.rules)} rules cannot be imported.")
            return
        try:
            rules = import_plan(
                plan, user=None, now=timezone.now(), engagements=engagement_kinds(), create_engagements=create_engagements
            )
        except InvalidRuleError as error:
            raise CommandError(_in_lines(error)) from error
        self.stdout.write(f"Imported {len(rules)} rules as drafts; nothing went live.")

    def _export(self, numbers: Sequence[int]) -> None:
        rules = Rule.objects.order_by("priority", "pk")
        chosen = rules.filter(pk__in=numbers) if numbers else rules.exclude(status=RuleStatus.ARCHIVED)
        bundle = export_rules(chosen, read_engagements=read_engagements)
        self.stdout.write(json.dumps(write_bundle(bundle), indent=2, ensure_ascii=False))

    def _tell(self, plan: Plan) -> None:
        for noun, names in (
            ("variables", plan.missing.variables),
            ("segments", plan.missing.segments),
            ("engagements", plan.missing.engagements),
        ):
            if names:
                self.stdout.write(f"Missing {noun}: {', '.join(names)}")
        for rule in plan.rules:
            self.stdout.write(f"{rule.rule.name}: {_fate(rule)}")
            for problem in rule.problems:
                self.stdout.write(f"  {problem.path}: {problem.message}")
        for segment in plan.new_segments:
            self.stdout.write(f"Segment {segment.slug}: new")
        for engagement in plan.new_engagements:
            self.stdout.write(f"Engagement {engagement.slug}: new")


def _read(name: str) -> Bundle:
    try:
        if name == "-":
            raw = sys.stdin.read(LONGEST_BUNDLE + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(LONGEST_BUNDLE + 1).decode("utf-8", "replace")
        return read_bundle(raw)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except InvalidRuleError as error:
        raise CommandError(_in_lines(error)) from error


def _in_lines(error: InvalidRuleError) -> str:
    return "\n".join(f"{one.path}: {one.message}" for one in error.errors)


def _plan(bundle: Bundle, clash: Clash) -> Plan:
    return plan_import(bundle, engagements=engagement_kinds(), creatable=is_creatable, default=clash)


def _fate(plan: RulePlan) -> str:
    if plan.problems:
        return "left out"
    if plan.is_there:
        return "is there already"
    if plan.clash is Clash.LEAVE:
        return "left as it is"
    return f"a new version of rule {plan.existing.pk}" if plan.existing else f"a new draft, “{plan.name}”"
