"""Addresses of files, of the archive, of copies and of registers."""

from django.urls import path

from apps.office.archive import pages as archive
from apps.office.archive import records_page
from apps.office.bell import page as bell
from apps.office.cases import catalogue_page, pages
from apps.office.copies import pages as copies
from apps.office.guide import page as guide
from apps.office.internal import pages as internal
from apps.office.overview import page as overview
from apps.office.phrases import page as phrases
from apps.office.registers import pages as registers
from apps.office.rules import lying_page
from apps.office.rules import pages as rules

urlpatterns = [
    path("ho-so/", pages.cases, name="cases"),
    path("ho-so/moi/", pages.new, name="new-case"),
    path("ho-so/danh-muc/<int:year>/", catalogue_page.page, name="catalogue"),
    path("ho-so/danh-muc/<int:year>/in/", catalogue_page.printed, name="catalogue-print"),
    path("ho-so/<uuid:number>/", pages.case, name="case"),
    path("ho-so/<uuid:number>/muc-luc/", archive.contents, name="case-contents"),
    path("ho-so/<uuid:number>/goi/", archive.submission, name="case-package"),
    path("ho-so/<uuid:number>/anh-ghi-am/", records_page.page, name="case-records"),
    path("nop-luu/", archive.handovers, name="handovers"),
    path("nop-luu/moi/", archive.new, name="new-handover"),
    path("nop-luu/<int:number>/", archive.one, name="handover"),
    path("nop-luu/<int:number>/muc-luc/", archive.list_of, name="handover-list"),
    path("nop-luu/<int:number>/bien-ban/", archive.minutes, name="handover-minutes"),
    path("sao/", copies.copies, name="copies"),
    path("sao/moi/<uuid:document>/", copies.new, name="new-copy"),
    path("sao/<uuid:number>/", copies.one, name="copy"),
    path("sao/<uuid:number>/tep/", copies.file, name="copy-file"),
    path("sao/<uuid:number>/in/", copies.printed, name="copy-print"),
    path("noi-bo/", internal.documents, name="internal"),
    path("noi-bo/moi/", internal.new, name="new-internal"),
    path("tong-quan/", overview.overview, name="overview"),
    path("thong-bao/", bell.notices_page, name="notices"),
    path("thong-bao/mo/", bell.opened, name="notice"),
    path("thong-bao/chuong/", bell.fragment, name="bell"),
    path("thong-bao/cach-nhan/", bell.wishes, name="wishes"),
    path("huong-dan/", guide.mine, name="my-guide"),
    path("huong-dan/<slug:duty>/", guide.guide, name="guide"),
    path("mau-cau/", phrases.phrases, name="phrases"),
    path("quy-tac/", rules.rules, name="rules"),
    path("quy-tac/moi/", rules.new, name="new-rule"),
    path("quy-tac/<int:number>/", rules.one, name="rule"),
    path("quy-tac/<int:number>/dang-co/", lying_page.page, name="lying"),
    path("so/", registers.books, name="registers"),
    path("so/<int:number>/<int:year>/", registers.one, name="register-print"),
]
