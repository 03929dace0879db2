"""Django's PostgreSQL backend, with a flush that suits tests."""
