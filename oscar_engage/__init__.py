"""Help where shoppers hesitate: an extension for django-oscar shops."""

__version__ = "0.1.0"
