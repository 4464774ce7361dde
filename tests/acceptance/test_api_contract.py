"""The published OpenAPI of the running processes is kept: no fault of the server's, only documented answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from running_country import Country, Identity

pytestmark = pytest.mark.acceptance
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schemathesis.serializer.alias("application/pdf", "application/octet-stream")


def bodies_keep_their_schema(context: Any, answer: Any, case: Any) -> bool | None:
    """What OpenAPI 3.1 can say of an event stream is that it is text; schemathesis looks for a schema of each event."""
    return None if case.path.endswith("/stream") else response_schema_conformance(context, answer, case)


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, bodies_keep_their_schema]
SEARCH = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Bound(AuthBase):
    """The axis's tokens are bound to the request as it goes out."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        path = unquote(urlsplit(request.url or "").path)
        token = self.identity.token(self.identity.claims(request.method or "", path, data))
        request.headers["Authorization"] = f"Bearer {token}"
        return request


class Plain(AuthBase):
    """The desk's token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


@dataclass(frozen=True)
class Face:
    """One face: its address, its schema, and how to speak to it."""

    url: str
    schema: dict[str, Any]
    spoken: dict[str, Any]


def desk(country: Country) -> Face:
    http = country.http("H29")
    spoken = {"auth": Plain(country.token("H29")), "verify": str(country.place.root)}
    return Face(country.place.url("gw-h29"), http.get("/schema/openapi.json").json(), spoken)


def wire(country: Country) -> Face:
    raw = country.identity()
    mine = (str(raw.folder / "hop.pem"), str(raw.folder / "hop.key"))
    spoken = {"auth": Bound(raw), "verify": str(country.place.root), "cert": mine}
    return Face(country.place.url("axis"), raw.http.get("/schema/openapi.json").json(), spoken)


def operations(hop: str) -> Callable[[Country], Face]:
    def face(country: Country) -> Face:
        url = country.place.url(f"{hop}-ops")
        return Face(url, httpx.get(f"{url}/schema/openapi.json").json(), {})

    return face


FACES: dict[str, Callable[[Country], Face]] = {
    "desk": desk,
    "wire": wire,
    "axis operations": operations("axis"),
    "gateway operations": operations("gw-h29"),
}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("name", FACES)
def test_only_documented_answers(country: Country, name: str, mode: GenerationMode) -> None:
    before, face, tried = country.unexpected(), FACES[name](country), 0
    schema = schemathesis.openapi.from_dict(face.schema)
    for found in schema.get_all_operations():
        tried += probed(face, found.ok(), mode)
    assert tried or mode is GenerationMode.NEGATIVE
    assert country.unexpected() == before


def probed(face: Face, operation: Any, mode: GenerationMode) -> int:
    """How many requests were made to one address."""
    count = 0

    @SEARCH
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: Any) -> None:
        nonlocal count
        count += 1
        if case.query or case.path.endswith("/stream"):
            case.query = {**(case.query or {}), "seconds": 0}  # waiting for nothing proves nothing
        for told in [told for told in case.headers or {} if told.lower() in OF_THE_CONNECTION]:
            del case.headers[told]
        answer = case.call(base_url=face.url, timeout=30, **face.spoken)
        case.validate_response(answer, checks=CHECKS)

    try:
        probe()
    except Unsatisfiable:  # nothing bad can be said to an address without parameters
        return count
    return count


def test_every_refusal_is_described(country: Country) -> None:
    """Each address that asks for a token names its refusals as problem documents."""
    for face in (desk(country), wire(country)):
        for path, methods in face.schema["paths"].items():
            for method, said in methods.items():
                for status in ("400", "401", "404", "500"):
                    assert "application/problem+json" in said["responses"][status]["content"], (path, method, status)


OF_THE_CONNECTION = {"content-length", "transfer-encoding", "connection", "host", "expect", "upgrade", "te"}
"""Headers that are no part of an address's contract: the server answers bad ones before any face of ours is asked."""
PUBLISHED = Path(__file__).parents[2] / "docs" / "protocol" / "desk.openapi.json"


def test_the_published_file_keeps_the_rules_of_openapi() -> None:
    """Generators of Java and .NET clients take nothing less."""
    told = json.loads(PUBLISHED.read_text("utf-8"))
    schemathesis.openapi.from_dict(told).validate()
    names = [said["operationId"] for methods in told["paths"].values() for said in methods.values()]
    assert len(names) == len(set(names))
    told["paths"]["/v1/me"]["get"]["responses"] = 7
    with pytest.raises(ValueError, match="responses"):
        schemathesis.openapi.from_dict(told).validate()
