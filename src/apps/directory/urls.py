"""Addresses of the directory: pages for people, and the same acts for scripts under `api/`."""

from django.urls import path

from apps.directory import api, importing, keys, organisations, planning, printing

urlpatterns = [
    path("danh-ba/", organisations.page, name="organisations"),
    path("danh-ba/co-quan/<str:code>/", organisations.one, name="organisation"),
    path("danh-ba/so-sanh/", organisations.compare, name="compare"),
    path("danh-ba/xuat/<str:form>/", organisations.export, name="directory-export"),
    path("danh-ba/nhap/", importing.page, name="imports"),
    path("danh-ba/nhap/<int:number>/", importing.one, name="import"),
    path("danh-ba/nhap/<int:number>/tat-ca.csv", importing.everything, name="import-file"),
    path("danh-ba/ke-hoach/", planning.page, name="plans"),
    path("danh-ba/ke-hoach/moi/", planning.new, name="plan-new"),
    path("danh-ba/ke-hoach/<int:number>/", planning.one, name="plan"),
    path("danh-ba/phat-hanh/", printing.page, name="publications"),
    path("danh-ba/phat-hanh/<int:version>/", printing.file, name="publication"),
    path("danh-ba/khoa/", keys.page, name="keys"),
    path("api/directory/organisations", api.listing, name="api-organisations"),
    path("api/directory/organisations/<str:code>", api.organisation, name="api-organisation"),
    path("api/directory/differences", api.difference, name="api-differences"),
    path("api/directory/export", api.export, name="api-export"),
    path("api/directory/imports", api.bring, name="api-imports"),
    path("api/directory/imports/<int:number>/take", api.take, name="api-take"),
    path("api/directory/plans", api.plans_page, name="api-plans"),
    path("api/directory/plans/<int:number>", api.plan, name="api-plan"),
    path("api/directory/plans/<int:number>/<str:act>", api.plan_act, name="api-plan-act"),
    path("api/directory/publications", api.publications, name="api-publications"),
    path("api/directory/publications/<int:version>", api.snapshot, name="api-snapshot"),
    path("api/directory/succession", api.rotate, name="api-succession"),
]
