"""Addresses of what was not sent."""

from django.urls import path

from apps.unsent import pages

urlpatterns = [
    path("", pages.unsent, name="unsent"),
    path("bo/", pages.drop, name="unsent-drop"),
]
