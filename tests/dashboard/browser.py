"""What a browser sends for the rule editor's rendered form."""

from oscar_engage.dashboard.rules.controls import BranchLine, Control, Form, GroupLine


def submit(form: Form) -> list[tuple[str, list[str]]]:
    """Return the fields that a browser sends for the rendered form."""
    sent: list[tuple[str, list[str]]] = []

    def add(control: Control) -> None:
        chosen = [option.value for group in control.groups for option in group.options if option.is_chosen]
        if control.kind == "boxes":
            if chosen:
                sent.append((control.name, chosen))
        elif control.kind == "select":
            first = control.groups[0].options[0].value if control.groups and control.groups[0].options else ""
            sent.append((control.name, chosen[:1] or [first]))
        else:
            sent.append((control.name, [control.value]))

    def walk(group: GroupLine) -> None:
        add(group.combinator)
        for line in group.lines:
            if isinstance(line, GroupLine):
                walk(line)
            else:
                for control in (line.field, *line.parameters, line.operator, *line.values):
                    add(control)

    def branch(line: BranchLine) -> None:
        walk(line.when)
        add(line.then.do)
        add(line.then.engagement)

    walk(form.scope)
    for line in form.branches:
        branch(line)
    add(form.otherwise.do)
    add(form.otherwise.engagement)
    add(form.unknown)
    return sent
