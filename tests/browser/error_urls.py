"""Each error page of the shop twice: ``/with/…`` as everywhere in the shop, ``/plain/…`` where we are told to stay away."""

from django.urls import include, path

from sandbox.urls import urlpatterns as shop
from tests.storefront.urls_errors import broken, missing, posted, refused

faults = [path("missing/", missing), path("refused/", refused), path("broken/", broken), path("posted/", posted)]

urlpatterns = [path("with/", include(faults)), path("plain/", include(faults)), *shop]
