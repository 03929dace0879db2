"""What can a program ask of us? ``path("engage-api/", include("oscar_engage.api.urls"))``; needs the extra ``api``.

In: requests with a key. Out: JSON, by the same functions and under the same rules as the dashboard.
"""
