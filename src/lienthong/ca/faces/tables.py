"""Officers ask for many at once: Excel tables with a preview, renewals of all that ends soon."""

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from lienthong.ca.bulk import Previewed
from lienthong.ca.delegation.model import Duty
from lienthong.ca.faces import views
from lienthong.ca.faces.office import LARGEST_BODY, XLSX, AnyRequest, id_of, office_of, rows_of
from lienthong.ca.life.kinds import case_kind
from lienthong.ca.life.table import columns_of
from lienthong.openapi import READING, TOKEN, WRITING, binary, body_of


@get(
    "/v1/tables/{kind:str}",
    media_type=XLSX,
    security=TOKEN,
    responses=READING,
    summary="Mẫu Excel · A table to fill in",
)
async def template(state: State, request: AnyRequest, kind: FromPath[str]) -> Response[bytes]:
    """For kinds of cases that come in lists."""
    await office_of(state).asker(request)
    wanted = case_kind(kind)
    return Response(office_of(state).tables.template(wanted.vi, columns_of(wanted)), media_type=XLSX)


@post(
    "/v1/tables/{kind:str}/preview",
    status_code=200,
    security=TOKEN,
    responses=WRITING,
    request_max_body_size=LARGEST_BODY,
    operation_class=body_of("xlsx", {XLSX: binary()}),
    summary="Xem trước danh sách · What each row would become, nothing is written",
)
async def preview(state: State, request: AnyRequest, kind: FromPath[str]) -> list[Previewed]:
    """Row by row: fine, or refused with the code and words it would get."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    return await office.bulk.preview(asker, await rows_of(office, request, kind))


@post(
    "/v1/tables/{kind:str}/{batch:str}",
    status_code=200,
    security=TOKEN,
    responses=WRITING,
    request_max_body_size=LARGEST_BODY,
    operation_class=body_of("xlsx", {XLSX: binary()}),
    summary="Lập hồ sơ theo danh sách · Open all rows, or none",
)
async def open_table(
    state: State, request: AnyRequest, kind: FromPath[str], batch: FromPath[str]
) -> list[views.CaseView]:
    """`batch` is of the caller's choice; a repeat opens nothing twice."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    opened = await office.bulk.open(asker, await rows_of(office, request, kind), id_of(batch))
    return await office.listed([(0, case) for case in opened])


@post(
    "/v1/renewals/{batch:str}", status_code=200, security=TOKEN, responses=WRITING, summary="Gia hạn hàng loạt · Renew"
)
async def renew(state: State, request: AnyRequest, batch: FromPath[str]) -> list[views.CaseView]:
    """A renewal for every active certificate of the scope that ends within 90 days, keys kept."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    opened = await office.bulk.renew(asker, id_of(batch))
    return await office.listed([(0, case) for case in opened])
