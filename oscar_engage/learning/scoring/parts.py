"""Of what are models built? Sums, logistic curves, trees, differences and means of these."""

from typing import Literal, TypeAlias

import msgspec


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """A part of a document that says of which kind it is."""


class Weights(Part, frozen=True):
    """A weighted sum over the features, each first filled, then taken as a logarithm where ``logs`` says so, then scaled.

    A missing value is ``fills``, and adds ``missing`` besides. The sum is ``intercept`` and of each feature
    ``coefficient * (x - mean) / scale``, where ``x`` is the value or, with ``logs``, ``log(1 + value)`` (nothing below zero).
    """

    intercept: float
    coefficients: tuple[float, ...]
    fills: tuple[float, ...]
    logs: tuple[bool, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    missing: tuple[float, ...]


class Linear(Weights, frozen=True, tag="linear"):
    """The sum itself."""


class Logistic(Weights, frozen=True, tag="logistic"):
    """The chance whose log-odds are the sum."""


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One tree, a place in each list a node, the root first. A leaf's ``feature`` is -1.

    At a node, a value of at most ``threshold`` goes ``left``, any other ``right``, a missing one as ``missing_left`` says; both
    are places further on. ``value``: what is foretold there; of a leaf that counts, of the others it explains the way.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    missing_left: tuple[bool, ...]
    value: tuple[float, ...]


class Trees(Part, frozen=True, tag="trees"):
    """``base`` and the leaves that a vector comes to, added: log-odds of a chance, or with ``identity`` the value itself."""

    base: float
    link: Literal["logit", "identity"]
    trees: tuple[Tree, ...]


class Difference(Part, frozen=True, tag="difference"):
    """What is foretold with help, less what is foretold without."""

    treated: "Model"
    control: "Model"


class Ensemble(Part, frozen=True, tag="ensemble"):
    """Several models, added with their ``weights``."""

    members: tuple["Model", ...]
    weights: tuple[float, ...]


Model: TypeAlias = Linear | Logistic | Trees | Difference | Ensemble


class Platt(Part, frozen=True, tag="platt"):
    """A foretold chance turned by a logistic curve over its log-odds: ``a`` is the slope, ``b`` what is added."""

    a: float
    b: float


class Isotonic(Part, frozen=True, tag="isotonic"):
    """A foretold chance turned by a line through the points ``(x, y)``, both rising; beyond the ends it is flat."""

    x: tuple[float, ...]
    y: tuple[float, ...]


Calibration: TypeAlias = Platt | Isotonic
