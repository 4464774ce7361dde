"""Addresses of the agency's administrator."""

from django.urls import path

from apps.staff import pages, software

urlpatterns = [
    path("", pages.people, name="staff"),
    path("nguoi/<int:number>/", pages.one, name="staff-person"),
    path("don-vi/<int:number>/", pages.unit, name="staff-unit"),
    path("phan-mem/", software.page, name="software"),
    path("ngay/", pages.days, name="staff-days"),
]
