"""What does one part of a rule say? A condition or a group of them in words, as a part of a sentence."""

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.tree import Condition, Node
from oscar_engage.rules.sentence import say_condition


def say_node(node: Node) -> str:
    """Return ``node`` in words."""
    if isinstance(node, Condition):
        return say_condition(node)
    glue = _(" and ") if node.combinator == "and" else _(" or ")
    joined = glue.join(_inner(child) for child in node.rules)
    return _("not (%(conditions)s)") % {"conditions": joined} if node.negated else joined


def _inner(node: Node) -> str:
    words = say_node(node)
    return words if isinstance(node, Condition) or node.negated or len(node.rules) < 2 else f"({words})"  # noqa: PLR2004 - a pair
