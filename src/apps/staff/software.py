"""The agency's software at its gateway, kept by its administrator: tokens, systems, bounds; what was used today.

The token it is done with has the scope `admin` and serves this page alone: the office's own token cannot.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods

from apps.accounts.roles import Right, asks, needs
from apps.staff.changes import Administrator, Told, administrator
from apps.ui.language import t
from apps.ui.numbers import LONGEST
from lienthong.client import Bounds, Desk, IssuedSecret, IssuedToken, Share
from lienthong.errors import InvalidValue, LienThongError

SCOPES = {
    "read": "Xem danh sách, văn bản, biên nhận",
    "send": "Gửi, thu hồi, cập nhật văn bản",
    "receive": "Nhận văn bản, báo trạng thái",
    "sign": "Ký số qua máy chủ",
    "hooks": "Đăng ký địa chỉ nhận tin",
    "admin": "Quản trị: mã truy cập, hệ thống, hạn mức",
}
ACTS = {
    "token-issued": "Cấp mã truy cập",
    "token-rotated": "Đổi mã",
    "token-revoked": "Thu hồi mã",
    "system-rotate": "Thêm bí mật",
    "system-revoke": "Thu hồi bí mật",
    "bounds": "Đặt hạn mức",
}
SHOWN = 20
MEGABYTE = 1_000_000
Answer = IssuedToken | IssuedSecret | None


@asks(administrator)
@require_http_methods(["GET", "POST"])
@needs(Right.OFFICE)
def page(request: HttpRequest) -> HttpResponse:
    """Everything on one page; what is told once is shown once, on a page of its own."""
    by, problem = administrator(request), ""
    desk = _desk(by)
    if desk is None:
        return render(request, "staff/software.html", {"closed": True})
    if request.method == "POST":
        try:
            made = _do(by, desk, request.POST)
        except LienThongError as error:
            problem = error.sentence()
        else:
            return render(request, "staff/told_once.html", {"made": made}) if made else _saved(request)
    return render(request, "staff/software.html", _shown(desk, problem, request.POST), status=422 if problem else 200)


def _desk(by: Administrator) -> Desk | None:
    agency = settings.CONFIG.of(by.agency)
    if agency is None or agency.admin_token_file is None:
        return None
    desk: Desk = import_string(settings.CONFIG.site.desk)(replace(agency, token_file=agency.admin_token_file))
    return desk


def _do(by: Administrator, desk: Desk, told: Told) -> Answer:
    """One act, and its line in the audit. What the gateway refuses; InvalidValue."""
    acts: dict[str, Callable[[], Answer]] = {
        "issue": lambda: desk.issue_token(told.get("name", "").strip(), _scopes(told), int(_number(told, "days"))),
        "rotate": lambda: desk.rotate_token(told.get("id", "")),
        "revoke": lambda: _none(desk.revoke_token(told.get("id", ""))),
        "secret": lambda: desk.rotate_secret(told.get("id", "")),
        "shut": lambda: desk.revoke_secret(told.get("id", ""), told.get("secret", "")),
        "bound": lambda: _none(desk.bound(_bounds(told))),
    }
    act = told.get("act", "")
    if act not in acts:
        raise InvalidValue(f"act {act[:40]}")
    made = acts[act]()
    by.note(f"software-{act}", told.get("id") or told.get("name") or by.agency)
    return made


def _none(_: object) -> None:
    """Nothing to be told once."""


def _scopes(told: Told) -> list[str]:
    chosen = told.getlist("scope") if hasattr(told, "getlist") else []
    return [each for each in SCOPES if each in chosen]


def _number(told: Told, name: str) -> float:
    text = told.get(name, "").strip().replace(",", ".") or "0"
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < 10**LONGEST:
        raise InvalidValue(f"{name} {text[:20]}")
    return found


def _bounds(told: Told) -> Bounds:
    """People write megabytes."""
    size, largest = (int(_number(told, name) * MEGABYTE) for name in ("bytes", "largest"))
    return Bounds(int(_number(told, "documents")), size, largest, _number(told, "rate"), int(_number(told, "tokens")))


def _shown(desk: Desk, problem: str, told: Told) -> dict[str, object]:
    try:
        found, tokens, systems = desk.administration(), desk.access_tokens(), desk.systems()
        acts = desk.administration_acts()[:SHOWN]
    except LienThongError as error:
        return {"problem": problem or error.sentence()}
    live = [each for each in tokens if each.live]
    limits = [_limit(each.name, found.counts, found.host, found.own) for each in fields(Bounds)]
    return {
        "found": found,
        "limits": limits,
        "shares": [_share(each) for each in found.allowance.shares],
        "live": [(each, [SCOPES.get(scope, scope) for scope in each.scopes]) for each in live],
        "ended": [each for each in tokens if not each.live],
        "systems": systems,
        "acts": [(each, ACTS.get(each.act, each.act)) for each in acts],
        "scopes": SCOPES.items(),
        "problem": problem,
        "told": told,
    }


def _share(share: Share) -> dict[str, object]:
    scale = MEGABYTE if share.name == "bytes" else 1
    used, limit, left = (each / scale for each in (share.used, share.limit, share.left))
    return {"word": WORDS[share.name], "used": used, "limit": limit, "left": left}


def _limit(name: str, counts: Bounds, host: Bounds, own: Bounds) -> dict[str, object]:
    scale = MEGABYTE if name in {"bytes", "largest"} else 1
    counted, hosts, owns = (getattr(each, name) / scale for each in (counts, host, own))
    return {"name": name, "word": WORDS[name], "counts": counted, "host": hosts, "own": owns}


WORDS = {
    "documents": "Số văn bản mỗi ngày",
    "bytes": "Dung lượng mỗi ngày, MB",
    "largest": "Gói lớn nhất, MB",
    "rate": "Yêu cầu mỗi giây",
    "tokens": "Mã truy cập còn hiệu lực",
}


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, t("Đã lưu."))
    return redirect("software")
