"""Our pages in Oscar's dashboard: rules, engagements, the desk, reports."""
