"""Addresses of accounts."""

from django.urls import path

from apps.accounts import provider_views as provider
from apps.accounts import second, views

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", views.enter, name="login"),
    path("dang-nhap/ma/", second.ask, name="second"),
    path("dang-nhap/lap-ma/", second.enrol, name="enrol"),
    path("dang-nhap/nha-cung-cap/", provider.begin, name="oidc"),
    path("dang-nhap/nha-cung-cap/ve/", provider.back, name="oidc-back"),
    path("ma-xac-thuc/", second.mine, name="factor"),
    path("dang-xuat/", views.leave, name="logout"),
    path("ngon-ngu/", views.switch_language, name="language"),
]
