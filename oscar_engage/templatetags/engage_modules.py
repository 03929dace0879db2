"""Is a module on? For links and sections that would lead nowhere."""

from django import template

from oscar_engage import modules

register = template.Library()


@register.filter
def is_on(module: str) -> bool:
    """Whether the shop uses ``module``: ``{% if "chat"|is_on %}``."""
    return modules.is_on(module)
