"""Addresses of the console."""

from django.urls import path

from apps.operator import gateways, letters, messages, overview, people, preferences, trail, wizard

urlpatterns = [
    path("", overview.page, name="overview"),
    path("goi-tin/", messages.page, name="messages"),
    path("goi-tin/<str:hop>/<slug:package>/", messages.one, name="message"),
    path("goi-tin/<str:hop>/<slug:package>/bang-chung/<int:place>/", messages.evidence, name="message-evidence"),
    path("bi-ket/", letters.page, name="letters"),
    path("may-chu/", gateways.page, name="gateways"),
    path("may-chu/<slug:gateway>/", gateways.one, name="gateway"),
    path("chan-doan/<str:hop>/", gateways.diagnostics, name="diagnostics"),
    path("khoi-tao/", wizard.page, name="first-run"),
    path("nguoi-dung/", people.page, name="people"),
    path("nguoi-dung/them/", people.add, name="person-add"),
    path("nguoi-dung/<int:number>/", people.change, name="person"),
    path("kiem-tra/", trail.page, name="audit"),
    path("kiem-tra/xuat/", trail.export, name="audit-export"),
    path("cai-dat/", preferences.page, name="settings"),
]
