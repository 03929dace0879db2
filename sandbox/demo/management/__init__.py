"""The demo shop's command."""
