"""Every address of the page."""

from django.apps import apps
from django.urls import include, path

from apps.ui import shell
from apps.ui.assets import asset

urlpatterns = [
    path("static/<path:name>", asset, name="asset"),
    path("sw.js", shell.worker, name="worker"),
    path(shell.OFFLINE.lstrip("/"), shell.offline, name="offline"),
    path("", include("apps.accounts.urls")),
    path("", include("apps.onboarding.urls")),
    path("van-hanh/", include("apps.operator.urls")),
    path("van-hanh/chung-thu/", include("apps.authority.urls")),
    path("", include("apps.directory.urls")),
    path("chua-gui/", include("apps.unsent.urls")),
    path("nhan-su/", include("apps.staff.urls")),
    *([path("dao-mot-vong/", include("apps.demo.urls"))] if apps.is_installed("apps.demo") else []),
    path("", include("apps.office.urls")),
]
handler400 = "apps.ui.errors.bad_request"
handler403 = "apps.ui.errors.forbidden"
handler404 = "apps.ui.errors.missing"
handler500 = "apps.ui.errors.fault"
