"""Addresses of the office."""

from django.urls import path

from apps.office import (
    compose,
    document,
    jobs_page,
    proof,
    reports,
    roundtrip,
    signing_page,
    views,
    waiting_page,
    withdraw,
)
from apps.office.bringing import page as sources
from apps.office.cases.routes import urlpatterns as files
from apps.office.finding import page as finding
from apps.office.finding import saved
from apps.office.incoming import bulk, lists, scanning
from apps.office.incoming import page as incoming
from apps.office.labels import page as labels
from apps.office.outgoing import document as outgoing
from apps.office.outgoing import reminding_page, settings

urlpatterns = [
    *files,
    path("tim/", finding.search, name="search"),
    path("tim/luu/", saved.save, name="save-view"),
    path("tim/bo/<int:number>/", saved.drop, name="drop-view"),
    path("tim/nhan/", labels.several, name="labels"),
    path("van-ban/<uuid:number>/", incoming.page, name="incoming"),
    path("van-ban/<uuid:number>/ghi/", scanning.describe, {"act": "describe"}, name="describe"),
    path("van-ban/<uuid:number>/tep/<int:file>/", incoming.file, name="incoming-file"),
    path("van-ban/<uuid:number>/tep/<int:file>/chu-ky/", reports.of_register, name="incoming-report"),
    path("van-ban/<uuid:number>/lam/<slug:act>/", incoming.act, name="incoming-act"),
    path("van-ban/<uuid:number>/giu/<slug:act>/", incoming.keep, name="incoming-keep"),
    path("van-ban/<uuid:number>/nhan/", labels.one, name="label"),
    path("van-ban/<slug:package>/", document.page, name="document"),
    path("van-ban/<slug:package>/tep/<int:index>/", document.part, name="part"),
    path("van-ban/<slug:package>/tep/<int:index>/chu-ky/", reports.page, name="signature-report"),
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
    path("soan/<uuid:draft>/word/", compose.word, name="draft-word"),
    path("soan/<uuid:draft>/co-quan/", compose.organisations, name="organisations"),
    path("soan/<uuid:draft>/ky/", signing_page.page, name="sign"),
    path("soan/<uuid:draft>/ky/trinh-duyet/", signing_page.browser, name="sign-browser"),
    path("soan/<uuid:draft>/ky/chuong-trinh/", signing_page.plugin, name="sign-plugin"),
    path("nhap/ky/", signing_page.many, name="sign-many"),
    path("soan/<uuid:draft>/ky/khoa/", waiting_page.ask, name="sign-gateway"),
    path("ky/<uuid:signing>/cho/", waiting_page.wait, name="signing-wait"),
    path("ky/<uuid:signing>/", signing_page.state, name="signing"),
    path("ky/<uuid:signing>/xong/", signing_page.completed, name="signing-complete"),
    path("ky/<uuid:signing>/huy/", signing_page.cancelled, name="signing-cancel"),
    path("ky/tep/<str:ticket>/", roundtrip.fetch, name="signing-fetch"),
    path("ky/tra/<str:ticket>/", roundtrip.hand_back, name="signing-return"),
    path("di/cac-buoc/", settings.steps, name="outgoing-steps"),
    path("di/so/", settings.book, name="outgoing-numbers"),
    path("di/viec/<slug:key>/", outgoing.box, name="outgoing-box"),
    path("di/van-ban/<uuid:number>/", outgoing.page, name="outgoing"),
    path("di/van-ban/<uuid:number>/dinh-chinh/", outgoing.correction, name="correct"),
    path("di/van-ban/<uuid:number>/don-doc/", reminding_page.begin, name="urge"),
    path("di/van-ban/<uuid:number>/ban/<int:version>/", outgoing.file, name="outgoing-file"),
    path("den/", lists.first, name="office"),
    path("den/van-ban-giay/", scanning.new, name="scan"),
    path("den/van-ban-giay/<uuid:number>/", scanning.page, {"act": "scan"}, name="paper"),
    path("den/nguon/", sources.page, name="sources"),
    path("den/viec/<uuid:number>/", jobs_page.page, name="job"),
    path("den/<slug:key>/", lists.box, name="inbox"),
    path("den/<slug:key>/lam/", bulk.act, name="inbox-act"),
    path("<str:lane>/<slug:key>/", views.box, name="box"),
]
