"""Who answers what: the pages on which a supervisor sees to agents, skills and queues."""
