"""Cases: the list, one case with its clock and history, and what can be done about it by whom, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.record import record
from apps.authority import exporting
from apps.authority.door import Desk, officers
from apps.authority.forms import FORMS, told_in_words
from apps.authority.paging import LIMIT, further, place
from apps.authority.words import KINDS, STATES
from apps.ui.language import sentence_of, t
from apps.ui.times import today
from lienthong.client import XLSX, Case
from lienthong.errors import LienThongError

_AT_ONCE = 1000
UNDECIDED = ("received", "returned", "examined")


@require_safe
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest first; `qua-han` those past the target of their step; `excel` all of them as a file."""
    asked = request.GET
    if "excel" in asked:
        return _file(request, desk)
    found, following = _some(desk, asked, place(asked), LIMIT)
    context = {"found": found, "asked": asked, "desk": desk, "states": list(STATES), "kinds": list(KINDS)}
    return render(request, "authority/cases.html", context | {"more": further(asked, found, following)})


def _some(desk: Desk, asked: QueryDict, after: int, limit: int) -> tuple[list[Case], int]:
    """As many as `limit` of what is asked for, and where the next begin."""
    if asked.get("chuyen-di") == "co":
        return desk.ca.transfers(limit=limit, offset=after), after + limit
    named = {"state": "trang-thai", "kind": "loai", "organisation": "co-quan", "batch": "lo", "authority": "noi-lap"}
    wanted: dict[str, Any] = {name: asked.get(key, "").strip()[:80] for name, key in named.items()}
    wanted["overdue"] = "true" if asked.get("qua-han") == "co" else ""
    found = desk.ca.cases(limit=limit, after=after or "", **wanted)
    return found, found[-1].after if found else after


def _file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Nothing of a list that is too long: a file that ends early would be taken for the whole."""
    asked = request.GET.copy()
    del asked["excel"]
    found = _all(desk, asked)
    if len(found) <= exporting.MOST:
        return _sent(exporting.excel(found))
    notices.error(request, t("Có hơn {most} hồ sơ; xin lọc bớt rồi tải lại.", most=exporting.MOST))
    return redirect(f"{reverse('ca-cases')}?{asked.urlencode()}")


def _all(desk: Desk, asked: QueryDict) -> list[Case]:
    """What is asked for, as far as it is seen to be more than a file takes."""
    found, after = _some(desk, asked, 0, _AT_ONCE)
    some = found
    while len(some) == _AT_ONCE and len(found) <= exporting.MOST:
        some, after = _some(desk, asked, after, _AT_ONCE)
        found = [*found, *some]
    return found


def _sent(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="ho-so-chung-thu-{today():%Y%m%d}.xlsx"'
    return answer


@require_http_methods(["GET", "POST"])
@officers
def one(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """One case."""
    if request.method == "POST":
        return _act(request, desk, id)
    found = desk.ca.case(id)
    case, own = found.case, found.case.requester == desk.me.officer
    context = {
        "case": case,
        "history": found.history,
        "people": found.people,
        "desk": desk,
        "form": told_in_words(case.kind, case.form),
        "orders": orders(desk, case),
        "reasons": why_not(desk, case),
        "own": own,
        "may_complete": own and case.state in {"received", "returned"} and case.kind in FORMS,
        "may_withdraw": own and case.state in UNDECIDED,
        "may_deliver": case.state == "issued" and desk.has("deliver"),
        "standing": bool(case.form.get("acme")) and case.state == "done",
    }
    return render(request, "authority/case.html", context)


def orders(desk: Desk, case: Case) -> list[str]:
    """What this officer may order about the case as it stands; the authority asks all of it again."""
    me, ours, giving = desk.me.officer, desk.covers(case.path), _gives(desk, case)
    either = ours and desk.has("examine", "approve")
    lawful = {
        "examine": case.state == "received" and ours and desk.has("examine") and me != case.requester,
        "agree": case.awaits and giving and case.state != "returned",
        "approve": case.state == "examined"
        and ours
        and desk.has("approve")
        and me not in {case.requester, case.examiner, case.agreed}
        and (case.level == "delegated" or desk.central)
        and (not case.awaits or desk.central),
        "return": case.state in {"received", "examined"} and either,
        "refuse": case.state in UNDECIDED and (either or giving),
        "stop": case.state in {*UNDECIDED, "approved"} and desk.has("stop"),
    }
    return [act for act, allowed in lawful.items() if allowed]


def _gives(desk: Desk, case: Case) -> bool:
    """Whether this officer may say for the organisation a person leaves that they may."""
    me, asked = desk.me.officer, {case.requester, case.examiner}
    return bool(case.leaves) and desk.covers(case.leaves) and desk.has("approve") and me not in asked


def why_not(desk: Desk, case: Case) -> list[str]:
    """Why an officer with the duty may not take the next step of this case: maker and checker are two people."""
    me, told = desk.me.officer, []
    if me == case.requester and desk.has("examine", "approve") and case.state in UNDECIDED:
        told.append(t("Anh/chị đã lập hồ sơ này, nên người khác thẩm tra và duyệt."))
    if me == case.examiner and case.state == "examined":
        told.append(t("Anh/chị đã thẩm tra hồ sơ này, nên người khác duyệt."))
    if case.awaits and desk.covers(case.path) and not desk.central:
        told.append(t("Người này đang thuộc cơ quan đăng ký khác: nơi đi đồng ý rồi mới duyệt được."))
    if case.state == "examined" and case.level == "centre" and desk.has("approve") and not desk.central:
        told.append(t("Loại hồ sơ này do trung ương duyệt."))
    return told


def _act(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """What needs no order: taking back, handing over, ending a machine's standing request."""
    act, receiver = request.POST.get("act", ""), request.POST.get("receiver", "").strip()[:200]
    calls: dict[str, Callable[[], Case]] = {
        "withdraw": lambda: desk.ca.withdraw(id),
        "deliver": lambda: desk.ca.deliver(id, receiver),
        "stop-acme": lambda: desk.ca.stop_acme(id),
    }
    if act not in calls:
        raise Http404
    if act == "deliver" and not receiver:
        notices.error(request, t("Cần ghi người nhận."))
        return redirect("ca-case", id)
    try:
        calls[act]()
    except LienThongError as error:
        record(request, f"ca-{act}", id, outcome="refused", code=error.code)
        notices.error(request, sentence_of(error))
        return redirect("ca-case", id)
    record(request, f"ca-{act}", id)
    notices.success(request, t("Đã lưu."))
    return redirect("ca-case", id)


@require_safe
@officers
def letter(_request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """The letter as it was brought; only to be saved, never shown as a page of ours."""
    answer = HttpResponse(desk.ca.letter(id), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="cong-van.pdf"'
    return answer


@require_http_methods(["POST"])
@officers
def acme(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """The key of a machine that asks by itself, to who asked for it; each look is kept in the audit."""
    key = desk.ca.acme_key(id)
    record(request, "ca-acme-key", id, key=key.id)
    return render(request, "authority/acme.html", {"key": key, "id": id})
