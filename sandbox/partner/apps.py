"""The fork of Oscar's partner app."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    """Oscar's partner app under our name."""

    name = "sandbox.partner"
