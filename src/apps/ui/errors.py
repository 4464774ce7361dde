"""Errors in words: what happened, what was kept, what to do."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.ui.language import sentence_of, t
from lienthong.errors import Kind, LienThongError

KNOWN = {
    HTTPStatus.BAD_REQUEST: (
        "Yêu cầu này không đọc được",
        "Trình duyệt đã gửi một yêu cầu thiếu hoặc sai. Không có gì thay đổi.",
        "Quay lại trang trước và thử lại.",
    ),
    HTTPStatus.FORBIDDEN: (
        "Anh/chị không có quyền làm việc này",
        "Việc này thuộc cơ quan hoặc vai trò khác. Không có gì thay đổi.",
        "Nếu thấy chưa đúng, xin báo quản trị của cơ quan.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Không tìm thấy trang này",
        "Địa chỉ có thể đã gõ nhầm, hoặc văn bản không gửi đến cơ quan của anh/chị.",
        "Tìm theo số, ký hiệu hoặc trích yếu ở ô tìm kiếm phía trên.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Việc này chưa được làm",
        "Địa chỉ này chỉ nhận biểu mẫu; thường là phiên làm việc đã hết khi gửi. Không có gì thay đổi.",
        "Mở lại trang của biểu mẫu: điều đã gõ hiện lại ở đó; rồi gửi lại.",
    ),
    HTTPStatus.LENGTH_REQUIRED: (
        "Yêu cầu này không nói trước dài bao nhiêu",
        "Trang chỉ nhận biểu mẫu có độ dài (Content-Length). Chưa đọc gì, không có gì thay đổi.",
        "Gửi lại từ trình duyệt, hoặc báo quản trị xem lại máy chủ đứng trước.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Trang gặp lỗi ngoài dự kiến",
        "Văn bản đã gửi và đã nhận vẫn nguyên vẹn; bản nháp vẫn được giữ.",
        "Thử lại sau ít phút. Nếu vẫn lỗi, xin báo quản trị kèm giờ xảy ra.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Chưa kết nối được với máy chủ bảo mật của cơ quan",
        "Văn bản đã ghi nhận vẫn nguyên vẹn và sẽ tự động đi tiếp khi có kết nối. Bản nháp vẫn được giữ ở đây.",
        "Đợi ít phút rồi tải lại trang. Nếu kéo dài, xin báo người quản trị máy chủ bảo mật.",
    ),
}
STATUS = {
    Kind.UNKNOWN_CALLER: HTTPStatus.SERVICE_UNAVAILABLE,  # our own token is wrong: the person did nothing wrong
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.MISSING: HTTPStatus.NOT_FOUND,
    Kind.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Kind.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}


def page(request: HttpRequest, status: HTTPStatus, detail: str = "") -> HttpResponse:
    """One error page."""
    title, kept, advice = KNOWN[status]
    context = {"title": t(title), "kept": t(kept), "advice": t(advice), "detail": detail, "bare": True}
    return render(request, "ui/error.html", context, status=status)


def told(request: HttpRequest, error: LienThongError) -> HttpResponse:
    """The page for a refusal nobody handled nearer."""
    status = STATUS.get(error.kind, HTTPStatus.BAD_REQUEST)
    detail = "" if status is HTTPStatus.NOT_FOUND else sentence_of(error)
    return page(request, status, detail)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """400."""
    return page(request, HTTPStatus.BAD_REQUEST)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """403."""
    return page(request, HTTPStatus.FORBIDDEN)


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django names it
    """403 of a form that lost its token: usually a login in another window. 411 of one that no token was read of."""
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        return page(request, HTTPStatus.LENGTH_REQUIRED)
    hint = t("Phiên làm việc đã đổi hoặc hết hạn nên biểu mẫu chưa được nhận. Quay lại, tải lại trang rồi gửi lại.")
    return page(request, HTTPStatus.FORBIDDEN, hint)


@login_not_required
def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """404."""
    return page(request, HTTPStatus.NOT_FOUND)


@login_not_required
def fault(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
