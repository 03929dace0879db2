"""How fast are shoppers answered, do promises hold, and how busy are agents? Counts by day, hour, queue and agent.

In: conversations with their messages, and the seconds of ``desk.staffing``. Out: the rollups ``service_hours``,
``service_times`` and ``staff_hours``, the days of single agents (kept apart, for a while), and figures for the pages.
"""
