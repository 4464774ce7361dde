"""Addresses of accounts."""

from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("dang-nhap/", views.enter, name="login"),
    path("dang-xuat/", views.leave, name="logout"),
    path("ngon-ngu/", views.switch_language, name="language"),
]
