"""A shopper's page, live at the desk: asked for, looked at, pointed at, and what was kept of it."""
