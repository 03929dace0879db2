"""Is all work in the background handed over by the table of jobs? Whatever else would do it loses some when a worker dies."""

import ast

from tests.architecture.source import modules, relative, tree

BROKERS = ("huey", "celery", "django.tasks", "django_tasks", "django_rq", "dramatiq", "apscheduler")
MAY_KNOW = {"tasks.py": "tells huey, or another backend, of a job that stands in its table"}

STARTS = {"Thread", "Timer", "ThreadPoolExecutor", "ProcessPoolExecutor", "Popen"}
MAY_START = {
    "jobs/nudge.py": "asks the broker; the job is in its table",
    "learning/nightly/child.py": "the process of one job, which fails with it and is tried again",
    "learning/nightly/launch.py": "begins a night of learning, whose progress is in the tables of runs",
    "push/app.py": "looks things up for streams",
    "rules/background.py": "looks what changed, for this process alone; what it read is read again",
    "rules/kept/patience.py": "asks a slow system for a job, which is tried again",
    "simulation/browsers/crowd.py": "made-up shoppers",
}
"""Modules that may run something aside, with why nothing is lost when it dies."""

HANDS_OVER = {"enqueue", "delay", "apply_async", "schedule", "send_task", "aenqueue"}
MAKES_JOBS = {
    "jobs/outbox.py": "the way in",
    "jobs/periodic.py": "the rows of what recurs",
}


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_brokers__are_known_to_tasks_alone() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        for name in _imports(node)
        if any(name == broker or name.startswith(f"{broker}.") for broker in BROKERS)
    }

    assert found == set(MAY_KNOW)


def test_handing_over__goes_through_the_outbox_alone() -> None:
    """``x.enqueue(...)`` of a backend, a task or a queue; ours is the function ``enqueue``."""
    found = {
        f"{relative(path)}: {ast.unparse(node.func)}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HANDS_OVER
    }

    assert found == {"tasks.py: run_job_now.enqueue"}


def test_enqueue__is_the_outboxs_wherever_it_is_called() -> None:
    for path in modules():
        named = tree(path)
        calls = [node for node in ast.walk(named) if isinstance(node, ast.Call) and ast.unparse(node.func) == "enqueue"]
        sources = {
            node.module
            for node in ast.walk(named)
            if isinstance(node, ast.ImportFrom) and any(name.name == "enqueue" and not name.asname for name in node.names)
        }
        assert not calls or sources == {"oscar_engage.jobs.outbox"}, relative(path)


def test_jobs__are_written_by_the_outbox_and_the_calendar_alone() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Job", "Job.objects.create", "Job.objects.get_or_create"}
    }

    assert found == set(MAKES_JOBS)


def test_threads_and_processes__are_started_where_nothing_is_lost_with_them() -> None:
    found = {
        relative(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in STARTS
    }

    assert found == set(MAY_START)
