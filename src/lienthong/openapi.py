"""What the OpenAPI of every face says alike: how refusals look, and bodies that no signature can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from lienthong.errors import Kind, LienThongError

TOKEN = [{"token": list[str]()}]
"""Security of an address that asks for a token, whatever its scopes."""


def needs(*scopes: str) -> list[dict[str, list[str]]]:
    """Security of an address that asks for a token with these scopes; what is published is what is asked for."""
    return [{"token": [str(scope) for scope in scopes]}]


_MEANINGS = {
    400: "Yêu cầu hoặc gói tin không đúng cấu trúc · the request or the package is not well formed",
    401: "Mã truy cập không hợp lệ · the access token is not valid",
    403: "Không có quyền · not permitted",
    404: "Không tìm thấy · not found",
    408: "Nội dung đến quá chậm · the body came too slowly",
    409: "Không được ở trạng thái hiện tại, hoặc trùng mã khác nội dung · not in this state, or an id used otherwise",
    410: "Đã quá thời hạn gửi · the time to live has run out",
    412: "Phiên bản tus không được nhận · this version of tus is not served",
    413: "Quá giới hạn · over a limit",
    415: "Kiểu nội dung không được nhận · this content type is not taken",
    416: "Khoảng nằm ngoài tệp · the range lies beyond the file",
    422: "Bị từ chối: niêm phong, phong bì, nơi nhận… · refused: seal, envelope, recipient…",
    429: "Đang bận, xin thử lại · busy, try again",
    460: "Đoạn gửi không đúng giá trị băm · the piece does not have the digest that was named",
    500: "Lỗi ngoài dự kiến · an unexpected fault",
    503: "Tạm thời chưa sẵn sàng, xin thử lại · not ready for now, try again",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """RFC 9457 problem document: a stable code, one sentence in each language, what was found."""

    type: str
    title: str
    tieu_de: str
    status: int
    detail: str
    code: str
    retryable: bool
    facts: dict[str, str] = field(default_factory=dict)
    trace: str = ""

    @classmethod
    def of(cls, error: LienThongError, trace: str = "") -> "Problem":
        """What is told of an error: its stable code, the sentence in both languages, what was found."""
        return cls(
            type=f"urn:lienthong:problem:{error.code}",
            title=error.en,
            tieu_de=error.vi,
            status=error.kind.value,
            detail=error.detail,
            code=error.code,
            retryable=not error.permanent or error.kind is Kind.INTERNAL,
            facts=error.facts,
            trace=trace,
        )


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """These statuses, each with the problem document that comes with it."""
    return {status: _refusal(_MEANINGS[status]) for status in statuses}


def _refusal(meaning: str) -> ResponseSpec:
    return ResponseSpec(Problem, generate_examples=False, description=meaning, media_type="application/problem+json")


ALWAYS = refusals(400, 429, 500, 503)
READING = refusals(400, 401, 403, 404, 429, 500, 503)
WRITING = refusals(*(_MEANINGS.keys() - {412, 416, 460}))
UPLOADING = refusals(*(_MEANINGS.keys() - {416}))
RANGING = READING | refusals(416)


def body_of(description: str, content: Mapping[str, Schema]) -> type[Operation]:
    """The operation of a handler that reads its raw body."""

    @dataclass
    class _WithBody(Operation):
        def __post_init__(self) -> None:
            types = {media_type: OpenAPIMediaType(schema=schema) for media_type, schema in content.items()}
            self.request_body = RequestBody(types, description, required=True)

    return _WithBody


def binary() -> Schema:
    """Bytes as they are."""
    return Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
