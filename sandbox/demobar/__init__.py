"""A slim bar that shows what the engine sees of this browser. Sandbox only."""
