"""The addresses of ACME (RFC 8555 §7.1), each answer with a fresh nonce."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post, route
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter

from lienthong.ca.acme.model import Account, Authorization, Order, Status
from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.acme.service import Acme
from lienthong.ca.acme.signed import Asked, Nonces, opened
from lienthong.ca.authority import pem
from lienthong.ca.registers import Change
from lienthong.openapi import binary, body_of

JOSE = "application/jose+json"
PROBLEM = "application/problem+json"
CHAIN = "application/pem-certificate-chain"
AnyRequest = Request[Any, Any, Any]
Links = Mapping[str, str]
NONE: Links = {}
Cursor = Annotated[int, QueryParameter(ge=0, le=1 << 31)]
_BODY = body_of("JWS (RFC 8555 §6.2)", {JOSE: binary()})


@dataclass(frozen=True)
class Face:
    """What is behind the addresses; `url` is where clients reach them."""

    acme: Acme
    nonces: Nonces
    url: str

    async def asked(self, request: AnyRequest) -> Asked:
        """A request that holds, its nonce used. AcmeProblem."""
        body = await request.body()

        def work(tx: Change) -> Asked:
            found, nonce = opened(tx, body, f"{self.url}{_place(request)}")
            self.nonces.use(tx, nonce)
            return found

        return await self.acme.registers.write(work)

    async def by_account(self, request: AnyRequest) -> tuple[Asked, Account]:
        """The same, by an account."""
        found = await self.asked(request)
        if found.account is None:
            raise AcmeProblem("malformed", "kid")
        return found, found.account

    async def by_itself(self, request: AnyRequest, id: str) -> tuple[Asked, Account]:
        """The same, by the account it is about."""
        asked, account = await self.by_account(request)
        if account.id != id:
            raise AcmeProblem("unauthorized", "account", 403)
        return asked, account

    def answer(
        self,
        body: Any,
        status: int = 200,
        location: str = "",
        media_type: str = "application/json",
        links: Links = NONE,
    ) -> Response[bytes]:
        """With a nonce for the next request. `links`: places by how they are related (`up`, `next`)."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"Replay-Nonce": self.nonces.fresh(), "Cache-Control": "no-store"}
        places = {"index": "/acme/directory", **links}
        headers["Link"] = ", ".join(f'<{self.url}{place}>;rel="{rel}"' for rel, place in places.items())
        if location:
            headers["Location"] = f"{self.url}{location}"
        return Response(data, status_code=status, headers=headers, media_type=media_type)

    def account(self, account: Account) -> dict[str, Any]:
        """§7.1.2."""
        orders = f"{self.url}{_orders(account)}"
        return {"status": account.status.value, "contact": account.contact, "orders": orders}

    def order(self, order: Order) -> dict[str, Any]:
        """§7.1.3."""
        base = f"{self.url}/acme"
        told: dict[str, Any] = {
            "status": order.status.value,
            "expires": order.expires.isoformat(),
            "identifiers": [{"type": "dns", "value": each.host} for each in order.authorizations],
            "authorizations": [f"{base}/authz/{order.id}/{number}" for number in range(len(order.authorizations))],
            "finalize": f"{base}/order/{order.id}/finalize",
        }
        return told | ({"certificate": f"{base}/cert/{order.id}"} if order.status is Status.VALID else {})

    def challenge(self, order: str, number: int, asked: Authorization) -> dict[str, Any]:
        """§8.3."""
        told: dict[str, Any] = {
            "type": "http-01",
            "url": f"{self.url}/acme/chall/{order}/{number}",
            "status": asked.status.value,
            "token": asked.token,
        }
        if asked.validated:
            told["validated"] = asked.validated.isoformat()
        if asked.problem:
            told["error"] = {"type": "urn:ietf:params:acme:error:incorrectResponse", "detail": asked.problem}
        return told


def _place(request: AnyRequest) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _at(account: Account) -> str:
    return f"/acme/acct/{account.id}"


def _orders(account: Account) -> str:
    return f"/acme/orders/{account.id}"


def _face(state: State) -> Face:
    found: Face = state.acme
    return found


def refused(request: AnyRequest, problem: AcmeProblem) -> Response[bytes]:
    """A problem document in ACME's words, with a nonce to go on with."""
    kind = f"urn:ietf:params:acme:error:{problem.kind}"
    body = {"type": kind, "detail": problem.detail, "status": problem.status}
    return _face(request.app.state).answer(body, problem.status, problem.location, PROBLEM)


_NAMES = {
    "newNonce": "new-nonce",
    "newAccount": "new-account",
    "newOrder": "new-order",
    "revokeCert": "revoke-cert",
    "keyChange": "key-change",
}


@get("/acme/directory", summary="Danh mục ACME · ACME directory")
async def directory(state: State) -> dict[str, Any]:
    """§7.1.1."""
    base = f"{_face(state).url}/acme"
    return {name: f"{base}/{path}" for name, path in _NAMES.items()} | {"meta": {"externalAccountRequired": True}}


@route("/acme/new-nonce", http_method=["GET", "HEAD"], summary="Nonce", status_code=200)
async def new_nonce(state: State, request: AnyRequest) -> Response[bytes]:
    """§7.2."""
    return _face(state).answer(b"", 200 if request.method == "HEAD" else 204)


@post("/acme/new-account", operation_class=_BODY, summary="Tài khoản · Account, bound to an agency's key")
async def new_account(state: State, request: AnyRequest) -> Response[bytes]:
    """§7.3, with external account binding."""
    face = _face(state)
    asked = await face.asked(request)
    account, fresh = await face.acme.account(asked.jwk, asked.payload or {}, f"{face.url}/acme/new-account")
    return face.answer(face.account(account), 201 if fresh else 200, _at(account))


@post("/acme/acct/{id:str}", status_code=200, operation_class=_BODY, summary="Tài khoản của tôi · My account")
async def my_account(state: State, request: AnyRequest, id: FromPath[str]) -> Response[bytes]:
    """§7.3.2: shown, or ended for good by `"status": "deactivated"` (§7.3.6); nothing else of it changes."""
    face = _face(state)
    asked, account = await face.by_itself(request, id)
    leaves = (asked.payload or {}).get("status") == Status.DEACTIVATED.value
    return face.answer(face.account(await face.acme.leave(account) if leaves else account))


@post("/acme/orders/{id:str}", status_code=200, operation_class=_BODY, summary="Yêu cầu của tôi · My orders")
async def my_orders(state: State, request: AnyRequest, id: FromPath[str], cursor: Cursor = 0) -> Response[bytes]:
    """§7.1.2.1: of the account alone, in pages."""
    face = _face(state)
    _, account = await face.by_itself(request, id)
    found, more = await face.acme.orders(account, cursor)
    links = {"next": f"{_orders(account)}?cursor={more}"} if more else NONE
    return face.answer({"orders": [f"{face.url}/acme/order/{each.id}" for each in found]}, links=links)


@post("/acme/key-change", status_code=200, operation_class=_BODY, summary="Đổi khóa · Another key for the account")
async def key_change(state: State, request: AnyRequest) -> Response[bytes]:
    """§7.3.5: old and new key sign the wish; hosts, orders and certificates stay the account's."""
    face = _face(state)
    asked, account = await face.by_account(request)
    at = f"{face.url}{_at(account)}"
    changed = await face.acme.change_key(account, asked.payload, at, f"{face.url}/acme/key-change")
    return face.answer(face.account(changed), location=_at(changed))


@post("/acme/new-order", operation_class=_BODY, summary="Yêu cầu · Order")
async def new_order(state: State, request: AnyRequest) -> Response[bytes]:
    """§7.4."""
    face = _face(state)
    asked, account = await face.by_account(request)
    order = await face.acme.order(account, asked.payload or {})
    return face.answer(face.order(order), 201, f"/acme/order/{order.id}")


@post("/acme/order/{id:str}", status_code=200, operation_class=_BODY, summary="Tình trạng yêu cầu · State of an order")
async def my_order(state: State, request: AnyRequest, id: FromPath[str]) -> Response[bytes]:
    """§7.4."""
    face = _face(state)
    _, account = await face.by_account(request)
    return face.answer(face.order(await face.acme.mine(account, id)))


@post("/acme/authz/{id:str}/{number:int}", status_code=200, operation_class=_BODY, summary="Tên máy · A host's proof")
async def authorization(state: State, request: AnyRequest, id: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """§7.5."""
    face = _face(state)
    _, account = await face.by_account(request)
    order = await face.acme.mine(account, id)
    if not 0 <= number < len(order.authorizations):
        raise AcmeProblem("malformed", "authorization", 404)
    asked = order.authorizations[number]
    body = {
        "status": asked.status.value,
        "expires": order.expires.isoformat(),
        "identifier": {"type": "dns", "value": asked.host},
        "challenges": [face.challenge(id, number, asked)],
    }
    return face.answer(body)


@post(
    "/acme/chall/{id:str}/{number:int}", status_code=200, operation_class=_BODY, summary="Kiểm tra máy · Ask the host"
)
async def challenge(state: State, request: AnyRequest, id: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """§7.5.1: the host is asked at once."""
    face = _face(state)
    _, account = await face.by_account(request)
    answered = await face.acme.challenge(account, id, number)
    return face.answer(face.challenge(id, number, answered), links={"up": f"/acme/authz/{id}/{number}"})


@post("/acme/order/{id:str}/finalize", status_code=200, operation_class=_BODY, summary="Cấp · Finalize")
async def finalize(state: State, request: AnyRequest, id: FromPath[str]) -> Response[bytes]:
    """§7.4."""
    face = _face(state)
    asked, account = await face.by_account(request)
    order = await face.acme.finalize(account, id, str((asked.payload or {}).get("csr", "")))
    return face.answer(face.order(order), location=f"/acme/order/{id}")


@post(
    "/acme/cert/{id:str}", status_code=200, media_type=CHAIN, operation_class=_BODY, summary="Chứng thư · Certificate"
)
async def certificate(state: State, request: AnyRequest, id: FromPath[str]) -> Response[bytes]:
    """§7.4.2: leaf, then its issuing authority, PEM."""
    face = _face(state)
    _, account = await face.by_account(request)
    return face.answer(b"".join(map(pem, await face.acme.certificate(account, id))), media_type=CHAIN)


@post("/acme/revoke-cert", status_code=200, operation_class=_BODY, summary="Thu hồi · Revoke")
async def revoke(state: State, request: AnyRequest) -> Response[bytes]:
    """§7.6, by the account it was given to, or by its own key."""
    face = _face(state)
    asked = await face.asked(request)
    told = asked.payload or {}
    try:
        der = urlsafe_b64decode(str(told.get("certificate", "")) + "==")
    except ValueError as error:
        raise AcmeProblem("malformed", "certificate") from error
    await face.acme.revoke(asked, der, told.get("reason", 0))
    return face.answer(b"")


ACME = [
    directory, new_nonce, new_account, my_account, my_orders, key_change, new_order, my_order, authorization, challenge,
    finalize, certificate, revoke,
]  # fmt: skip
"""The routes."""
