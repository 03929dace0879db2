"""The test shop's addresses with the API."""

from django.urls import include, path

from tests.urls import urlpatterns as shop

urlpatterns = [path("engage-api/", include("oscar_engage.api.urls")), *shop]
