"""Does the desk hold for a session? Two agents, a supervisor and five shoppers in real browsers: ``make session``."""
