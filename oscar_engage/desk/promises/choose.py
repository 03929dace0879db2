"""Which policy is it? The first in use whose conditions hold when the conversation begins; what is not known never matches."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from django.db import DatabaseError, transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.promises.terms import Terms, terms_of
from oscar_engage.rules.engine.segments import expand
from oscar_engage.rules.engine.tree import Group, leaves
from oscar_engage.rules.engine.walk import Read, judge, judging
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.grammar import SCHEMA, read_document
from oscar_engage.rules.segments.shelf import Texts, names_in
from oscar_engage.rules.segments.store import segment_texts

logger = logging.getLogger(__name__)

Tell: TypeAlias = Callable[[Collection[str]], Read]
"""Gives, for the variables that policies ask about, what reads their values of the shopper who asks."""


def choose_terms(tell: Tell | None) -> Terms:
    """Return the terms of the policy for who asks now; nobody can be asked about (``None``): of those without conditions.

    One query, more where conditions need it. Nothing that fails in here costs the question: then no policy matches.
    """
    try:
        with transaction.atomic(using=get_settings().database):  # a failed query of a variable must not cost the question
            return terms_of(_choose(tell))
    except DatabaseError:
        logger.exception("No policy could be chosen.")
        return terms_of(None)


def _choose(tell: Tell | None) -> Policy | None:
    policies = list(Policy.objects.filter(is_active=True).select_related("opening_hours").order_by("priority", "pk"))
    read: Read | None = None
    trees = _read_trees(policies)
    asked = {condition.field for tree in trees.values() if tree is not None for condition in leaves(tree)}
    for policy in policies:
        if policy.document is None:
            return policy
        tree = trees[policy.pk]
        if tree is None or tell is None:
            continue
        read = read or tell(asked)
        if judge(tree, judging(read)) is True:
            return policy
    return None


def _read_trees(policies: Sequence[Policy]) -> dict[int, Group | None]:
    """Return the conditions of each policy that has some; ``None`` for what can no longer be read, which is logged."""
    conditional = [policy for policy in policies if policy.document is not None]
    is_naming = any(next(names_in(policy.document), None) is not None for policy in conditional)
    texts = segment_texts() if is_naming else {}
    trees: dict[int, Group | None] = {}
    for policy in conditional:
        tree, errors = read_conditions(policy.document, segments=texts)
        trees[policy.pk] = None if errors else tree
        for error in errors[:1]:
            logger.error("The conditions of policy %s cannot be read: %s", policy.pk, error.message)
    return trees


def read_conditions(raw: object, *, segments: Texts) -> tuple[Group, list[FieldError]]:
    """Return the conditions in ``raw`` with their segments written out, and every mistake."""
    whole = {"schema": SCHEMA, "branches": [{"when": raw, "then": []}], "else": [], "unknown": "skip"}
    document, errors = read_document(whole, segments=segments)
    return (Group("and", ()) if errors else expand(document).branches[0].when), errors


def policies_that_name(slug: str) -> list[Policy]:
    """Return the policies whose conditions name segment ``slug`` themselves, in use or not; one query."""
    conditional = Policy.objects.filter(document__isnull=False).order_by("priority", "pk")
    return [policy for policy in conditional if slug in names_in(policy.document)]


def broken(policies: Sequence[Policy]) -> Iterator[int]:
    """Yield the ids of the ``policies`` whose conditions can no longer be read."""
    yield from (pk for pk, tree in _read_trees(policies).items() if tree is None)
