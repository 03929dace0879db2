"""Tests of the sandbox shop; run them with ``DJANGO_SETTINGS_MODULE=sandbox.settings pytest tests/sandbox``."""
