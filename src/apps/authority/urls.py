"""Addresses of the certificate authority's screens."""

from django.urls import path

from apps.authority import access, asking, cases, deciding, finding, leaving, lists, overview, rights, tokens

urlpatterns = [
    path("", overview.page, name="ca-overview"),
    path("tim/", finding.page, name="ca-find"),
    path("tim/<slug:issuer>/<slug:serial>/", finding.one, name="ca-certificate"),
    path("tim/<slug:issuer>/<slug:serial>/tep/", finding.file, name="ca-certificate-file"),
    path("ho-so/", cases.page, name="ca-cases"),
    path("lap/", asking.kinds, name="ca-ask"),
    path("lap/<slug:kind>/", asking.ask, name="ca-form"),
    path("ho-so/<slug:id>/", cases.one, name="ca-case"),
    path("ho-so/<slug:id>/cong-van/", cases.letter, name="ca-letter"),
    path("ho-so/<slug:id>/bo-sung/", asking.complete, name="ca-complete"),
    path("ho-so/<slug:id>/lenh/", deciding.order, name="ca-order"),
    path("ho-so/<slug:id>/quyet-dinh/", deciding.decide, name="ca-decide"),
    path("ho-so/<slug:id>/acme/", cases.acme, name="ca-acme"),
    path("lap/<slug:kind>/danh-sach/", lists.bring, name="ca-list"),
    path("lap/<slug:kind>/danh-sach/mau/", lists.template, name="ca-list-template"),
    path("lap/danh-sach/xem/<slug:sheet>/", lists.look, name="ca-list-look"),
    path("sap-het-han/", lists.renewals, name="ca-renewals"),
    path("roi-co-quan/", leaving.page, name="ca-departures"),
    path("roi-co-quan/<slug:issuer>/<slug:serial>/", leaving.one, name="ca-departure"),
    path("thiet-bi/", tokens.page, name="ca-tokens"),
    path("nhat-ky/", tokens.deeds, name="ca-deeds"),
    path("dang-ky/", rights.page, name="ca-authorities"),
    path("dang-ky/<slug:kind>/them/", rights.edit, name="ca-add"),
    path("dang-ky/<slug:kind>/ky/", rights.propose, name="ca-propose"),
    path("dang-ky/<slug:kind>/sua/<str:id>/", rights.edit, name="ca-edit"),
    path("dang-ky/cho-ky/<int:number>/", rights.second, name="ca-proposal"),
    path("ma-truy-cap/", access.page, name="ca-access"),
]
