"""Addresses of onboarding: the console's, the applicants', the gateways'."""

from django.urls import path

from apps.onboarding import api, calls, desk, public, speaking

urlpatterns = [
    path("van-hanh/ho-so/", desk.page, name="applications"),
    path("van-hanh/ho-so/<int:number>/", desk.one, name="application-desk"),
    path("van-hanh/ho-so/<int:number>/van-ban/", desk.letter, name="application-letter"),
    path("van-hanh/ho-so/<int:number>/yeu-cau/", desk.requests, name="application-requests"),
    path("van-hanh/dai-dien/", speaking.page, name="representation"),
    path("api/directory/applications", api.listing, name="api-applications"),
    path("api/directory/applications/<int:number>", api.one, name="api-application"),
    path("api/directory/applications/<int:number>/letter", api.letter, name="api-application-letter"),
    path("api/directory/applications/<int:number>/requests", api.requests, name="api-application-requests"),
    path("api/directory/applications/<int:number>/<str:act>", api.act, name="api-application-act"),
    path("dang-ky/", public.apply, name="apply"),
    path("dang-ky/noi/", calls.join, name="join"),
    path("dang-ky/noi/xem/", calls.state, name="join-state"),
    path("dang-ky/noi/thu/", calls.tested, name="join-tested"),
    path("dang-ky/<str:link>/", public.follow, name="application"),
]
