"""A shop on several hosts: web servers and workers in network namespaces, with PostgreSQL on another host."""
