"""Learns what is due, as the worker has it done each night, or at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.nightly.run import learn_tonight
from oscar_engage.learning.nightly.state import ladder
from oscar_engage.learning.nightly.watch import follow, look
from oscar_engage.learning.nightly.words import say_why
from oscar_engage.learning.registry.models import Task


class Command(BaseCommand):
    """``manage.py engage_learn [--task TASK] [--now]``."""

    help = (
        "Learn whom help helps: what is due tonight, as the worker does by itself. With --now learn at once, due or not, and "
        "judge challengers whose day in the shadow is over. Exit status: 0 all is well, 1 a task failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--task`` and ``--now``."""
        parser.add_argument(
            "--task", action="append", choices=[str(task.value) for task in Task], help="Only this; may repeat."
        )
        parser.add_argument("--now", action="store_true", help="Do not wait for the night.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line as each task ends, and then what is waited for."""
        chosen = [Task(name) for name in options["task"] or Task.values]
        at_once = bool(options["now"] or options["task"])
        if options["now"]:
            now = timezone.now()
            follow(look({}, now=now), now=now)
        failed = 0
        runs = 0
        for run in learn_tonight(clock=timezone.now, tasks=chosen if at_once else None):
            runs += 1
            failed += run.result == RunResult.FAILED
            self._say(run)
        if not runs:
            self.stdout.write("Nothing to learn now, or somebody is learning already." if at_once else "Nothing is due.")
        self._say_ladder()
        if failed:
            raise CommandError(f"{failed} failed; what spoke before goes on speaking.")

    def _say(self, run: TrainingRun) -> None:
        counts = run.counts
        took = f"{run.cpu_seconds:.1f} s, {run.peak_mb:.0f} MB"
        why = f": {say_why(run.why)}" if run.why else ""
        rows = f"{counts.get('rows', 0):.0f} vectors of {counts.get('visits', 0):.0f} visits"
        self.stdout.write(f"{run.task}: {run.get_result_display()}{why} ({rows}; {took})")
        self.stdout.flush()

    def _say_ladder(self) -> None:
        for step in ladder(timezone.now()).steps:
            waits = "; ".join(step.waits_for)
            self.stdout.write(f"{step.task}: {step.name}{', ' + waits if waits else ''}")
