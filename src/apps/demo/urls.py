"""Addresses of the tour."""

from django.urls import path

from apps.demo import pages

urlpatterns = [
    path("", pages.tour, name="tour"),
    path("vao/", pages.enter, name="tour-enter"),
]
