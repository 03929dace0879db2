"""Whether we are switched on: by the setting, and by a row that a person turns while the shop is running."""
