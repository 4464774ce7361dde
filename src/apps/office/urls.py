"""Addresses of the office."""

from django.urls import path

from apps.office import acts, compose, document, proof, views, withdraw

urlpatterns = [
    path("", views.home, name="home"),
    path("tim/", views.search, name="search"),
    path("van-ban/<slug:package>/", document.page, name="document"),
    path("van-ban/<slug:package>/tep/<int:index>/", document.part, name="part"),
    path("van-ban/<slug:package>/trang-thai/", acts.report, name="report"),
    path("van-ban/<slug:package>/kiem-chung/", proof.whole, name="proof"),
    path("van-ban/<slug:package>/bang-chung/<str:evidence>/", proof.one, name="receipt"),
    path("van-ban/<slug:package>/bang-chung.json", proof.bundle, name="bundle"),
    path("van-ban/<slug:package>/thu-hoi/", withdraw.recall, name="recall"),
    path("van-ban/<slug:package>/cap-nhat/", withdraw.update, name="update"),
    path("van-ban/<slug:package>/thay-the/", compose.replacement, name="replace"),
    path("nhap/", compose.drafts, name="drafts"),
    path("soan/", compose.new, name="compose"),
    path("soan/<uuid:draft>/", compose.edit, name="draft"),
    path("soan/<uuid:draft>/tep/<int:index>/", compose.file, name="draft-file"),
    path("soan/<uuid:draft>/co-quan/", compose.organisations, name="organisations"),
    path("<str:lane>/<slug:key>/", views.box, name="box"),
]
