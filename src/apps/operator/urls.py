"""Addresses of the console."""

from django.urls import path

from apps.operator import overview, people, preferences, trail, wizard

urlpatterns = [
    path("", overview.page, name="overview"),
    path("tim/", overview.find, name="find"),
    path("khoi-tao/", wizard.page, name="first-run"),
    path("nguoi-dung/", people.page, name="people"),
    path("nguoi-dung/them/", people.add, name="person-add"),
    path("nguoi-dung/<int:number>/", people.change, name="person"),
    path("kiem-tra/", trail.page, name="audit"),
    path("kiem-tra/xuat/", trail.export, name="audit-export"),
    path("cai-dat/", preferences.page, name="settings"),
]
