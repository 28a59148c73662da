"""The API's address; its description is at /api/v1/openapi.json."""

from django.urls import path

from yanglao.doors.api.v1 import api

urlpatterns = [path("api/v1/", api.urls)]
