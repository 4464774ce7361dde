"""Bad callers of running processes: tokens, TLS, HTTP itself. Refused in words, and the processes go on."""

import base64
import json
import socket  # noqa: TID251  # bytes that no client would send
import ssl
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from lienthong.envelope import frame
from refusing import logged, problem, refused
from running_country import Country, Identity, letter, now, sealed, until
from seal_world import certificate, ec_key

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
MAILBOX = "/v1/mailbox"
HOPS = ("axis", "gw-h29", "gw-g22")


@pytest.fixture
def raw(country: Country) -> Identity:
    return country.identity()


@pytest.fixture(autouse=True)
def _lives_on(country: Country) -> Iterator[None]:
    """No process met anything unexpected, and all still answer."""
    before = country.unexpected()
    yield
    assert country.unexpected() == before
    for hop in HOPS:
        assert country.ready(hop)["registry"] >= 1


# ---------------------------------------------------------------- tokens on the axis's wire


def at(seconds: float) -> dict[str, float]:
    moment = int(now().timestamp() + seconds)
    return {"iat": moment, "exp": moment + 60}


# Moments are made when the test runs: between collecting and running lie minutes.
CLAIMS: dict[str, tuple[dict[str, Any] | Callable[[], dict[str, Any]], str]] = {
    "ten minutes slow": (lambda: at(-600), "clock-skewed"),
    "ten minutes fast": (lambda: at(600), "clock-skewed"),
    "a token that lives for days": (lambda: {"exp": at(3 * 86400)["exp"]}, "clock-skewed"),
    "a date beyond all calendars": ({"iat": 10**18}, "token-invalid"),
    "a date that is no number": ({"iat": "now"}, "token-invalid"),
    "no date": ({"iat": None}, "token-invalid"),
    "no end": ({"exp": None}, "token-invalid"),
    "another path": ({"htu": "/v1/news"}, "token-invalid"),
    "another method": ({"htm": "POST"}, "token-invalid"),
    "another body": ({"bh": sha256(b"khac").hexdigest()}, "token-invalid"),
    "no body bound": ({"bh": None}, "token-invalid"),
    "another audience": ({"aud": "gw-h29"}, "token-invalid"),
    "no audience": ({"aud": None}, "token-invalid"),
    "in another gateway's name": ({"iss": "gw-h29"}, "token-invalid"),
    "in nobody's name": ({"iss": None}, "token-invalid"),
    "an issuer that is a list": ({"iss": ["gw-h27"]}, "token-invalid"),
    "no id": ({"jti": None}, "token-invalid"),
    "a giant id": ({"jti": "x" * 2000}, "token-invalid"),
}


@pytest.mark.parametrize("how", CLAIMS)
def test_a_token_that_says_the_wrong_thing(country: Country, raw: Identity, how: str) -> None:
    made, code = CLAIMS[how]
    changes = made() if callable(made) else made
    token = raw.token(raw.claims("GET", MAILBOX, **changes))
    refused(raw.ask("GET", MAILBOX, token=token), 401, code)
    logged(country, "axis", code, MAILBOX)


def test_a_replayed_token(country: Country, raw: Identity) -> None:
    token = raw.token(raw.claims("GET", MAILBOX))
    assert raw.ask("GET", MAILBOX, token=token).status_code == 200
    for _ in range(2):
        refused(raw.ask("GET", MAILBOX, token=token), 401, "token-replayed")


def test_a_token_signed_with_another_gateways_key(country: Country, raw: Identity) -> None:
    other = country.identity("gw-h29")
    for token in (
        raw.token(raw.claims("GET", MAILBOX), other.key),
        raw.token(raw.claims("GET", MAILBOX), other.key, kid=other.mark),
        raw.token(raw.claims("GET", MAILBOX), ECKey.generate_key("P-256")),
        raw.token(raw.claims("GET", MAILBOX), kid="A" * 43),
    ):
        refused(raw.ask("GET", MAILBOX, token=token), 401, "token-invalid")


def test_a_sealing_key_is_no_key_for_tokens(country: Country, raw: Identity) -> None:
    seal = country.seal_of("H27")
    pem = seal.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    mark = base64.urlsafe_b64encode(sha256(seal.certificate).digest()).rstrip(b"=").decode()
    token = raw.token(raw.claims("GET", MAILBOX), ECKey.import_key(pem), kid=mark)
    refused(raw.ask("GET", MAILBOX, token=token), 401, "token-invalid")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(raw: Identity, alg: object, signature: str = "", **more: object) -> str:
    head = json.dumps({"alg": alg, "typ": "JWT", "kid": raw.mark, **more}).encode()
    return f"{b64(head)}.{b64(json.dumps(raw.claims('GET', MAILBOX)).encode())}.{signature}"


JUNK: dict[str, Callable[[Identity], str]] = {
    "alg none": lambda raw: unsigned(raw, "none"),
    "alg None with a signature": lambda raw: unsigned(raw, "None", "AAAA"),
    "alg HS256": lambda raw: unsigned(raw, "HS256", "AAAA"),
    "alg that is a list": lambda raw: unsigned(raw, ["ES256"], "AAAA"),
    "one word": lambda _: "abc",
    "two dots": lambda _: "..",
    "no base64": lambda _: "!!!.???.***",
    "no JSON": lambda _: f"{b64(b'x')}.{b64(b'y')}.z",
    "lists": lambda _: f"{b64(b'[]')}.{b64(b'[]')}.z",
    "lists of names": lambda _: ".".join(b64(json.dumps(each).encode()) for each in (["alg", "b64"], ["iss"], ["z"])),
    "claims that are not encoded": lambda raw: unsigned(raw, "ES256", "AAAA", b64=False, crit=["b64"]),
    "deep": lambda _: f"{b64(b'[' * 2500)}.{b64(b'{}')}.z",
    "long": lambda raw: unsigned(raw, "ES256", "A" * 5000),
}


@pytest.mark.parametrize("how", JUNK)
def test_a_token_that_is_none(raw: Identity, how: str) -> None:
    refused(raw.ask("GET", MAILBOX, token=JUNK[how](raw)), 401, "token-invalid")


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "bearer x", "Bearer \xff"])
def test_a_header_that_is_none(raw: Identity, header: str) -> None:
    answer = raw.http.get(MAILBOX, headers={"Authorization": header.encode("latin-1")})  # type: ignore[dict-item]  # bytes pass
    refused(answer, 401, "token-invalid")


def test_no_header(country: Country, raw: Identity) -> None:
    refused(raw.http.get(MAILBOX), 401, "token-invalid")
    refused(raw.http.post("/v1/packages", content=b"x"), 401, "token-invalid")
    refused(country.http("H29", "").get("/v1/me"), 401, "token-invalid")


def test_a_body_exchanged_under_its_token(country: Country, raw: Identity) -> None:
    good, other = (frame(*sealed(letter(), country.seal_of("H27"))) for _ in range(2))
    token = raw.token(raw.claims("POST", "/v1/packages", good))
    with country.nothing_taken("axis"):
        refused(raw.ask("POST", "/v1/packages", other, token=token), 401, "token-invalid")


@pytest.mark.parametrize("token", ["0" * 32, "x", "None", "\u0111"])
def test_a_wrong_desk_token(country: Country, token: str) -> None:
    answer = country.http("H29", "").get("/v1/me", headers=[(b"authorization", b"Bearer " + token.encode())])
    refused(answer, 401, "token-invalid")
    logged(country, "gw-h29", "token-invalid", "/v1/me")


def test_a_token_of_another_gateways_desk(country: Country) -> None:
    refused(country.http("H29", country.token("G09")).get("/v1/me"), 401, "token-invalid")


# ---------------------------------------------------------------- TLS


def tls(country: Country, **limits: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(country.place.root))
    for name, version in limits.items():
        setattr(context, name, version)
    return context


def cannot_connect(url: str, context: ssl.SSLContext) -> None:
    with httpx.Client(verify=context, timeout=10) as client, pytest.raises(httpx.TransportError):
        client.get(url)


def test_no_certificate_on_the_axis_wire(country: Country) -> None:
    cannot_connect(country.place.url("axis") + MAILBOX, tls(country))


def test_a_certificate_of_a_stranger_on_the_axis_wire(country: Country, tmp_path: Any) -> None:
    key, context = ec_key("stranger"), tls(country)
    der = certificate(key, "gw-h27", valid=(now().replace(year=2026), now().replace(year=2027)))
    pem = ssl.DER_cert_to_PEM_cert(der).encode() + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "stranger.pem").write_bytes(pem)
    context.load_cert_chain(tmp_path / "stranger.pem")
    cannot_connect(country.place.url("axis") + MAILBOX, context)


def test_a_certificate_that_is_not_a_gateways_opens_nothing(country: Country) -> None:
    """A sealing key of the same authority is no TLS client: its certificate says what it is for."""
    context, folder = tls(country), country.place.folder / "gw-h29" / "tenants" / "H29"
    context.load_cert_chain(folder / "seal.pem", folder / "seal.key")
    cannot_connect(country.place.url("axis") + MAILBOX, context)


def test_old_tls(country: Country, raw: Identity) -> None:
    old = tls(country, maximum_version=ssl.TLSVersion.TLSv1_2)
    cannot_connect(country.place.url("gw-h29") + "/v1/me", old)
    old.load_cert_chain(raw.folder / "hop.pem", raw.folder / "hop.key")
    cannot_connect(country.place.url("axis") + MAILBOX, old)


def test_no_tls_at_all(country: Country) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(country.place.url("gw-h29").replace("https:", "http:") + "/v1/me", timeout=10)


# ---------------------------------------------------------------- HTTP itself


def spoken(country: Country, hop: str, words: bytes, context: ssl.SSLContext) -> tuple[int, bytes]:
    """Status and body of the answer to raw bytes; 0 when the connection just ends."""
    with (
        socket.create_connection(("127.0.0.1", country.place.ports[hop]), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as wire,
    ):
        wire.sendall(words)
        heard = wire.recv(65536)
        while heard and b"\r\n\r\n" not in heard:
            heard += wire.recv(65536)
        head, _, body = heard.partition(b"\r\n\r\n")
        length = [
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        ]
        while length and len(body) < length[0]:
            body += wire.recv(65536)
    return (int(head.split()[1]), body) if head else (0, b"")


def request_of(country: Country, path: str, headers: str, body: bytes, method: str = "POST") -> bytes:
    token = country.token("H29")
    lines = (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n{headers}\r\n"
    )
    return lines.encode() + body


@pytest.mark.parametrize(
    ("path", "length"),
    [("/v1/outgoing/dai", 400 * 2**20), ("/v1/inbox/x/H29/release", 2 * 2**20), ("/v1/documents/x/recall", 10**18)],
)
def test_a_body_that_announces_too_much(country: Country, path: str, length: int) -> None:
    headers = f"Content-Type: application/json\r\nContent-Length: {length}\r\n"
    if "outgoing" in path:
        headers = headers.replace("json", "xml")
    method = "PUT" if "outgoing" in path else "POST"
    with country.nothing_taken("gw-h29"):
        status, body = spoken(country, "gw-h29", request_of(country, path, headers, b"{", method), country.trust)
    problem("application/problem+json", json.loads(body), 413, "package-too-large")
    assert status == 413


def test_a_body_that_is_too_large_without_saying_so(country: Country) -> None:
    def endless() -> Iterator[bytes]:
        yield from (b"[" * 2**16 for _ in range(64))

    try:
        answer = country.http("H29").post("/v1/documents/x/recall", content=endless())
    except httpx.TransportError:
        return  # the connection was closed on us: nothing was taken either way
    refused(answer, 413, "package-too-large")


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: abc\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Content Length: 5\r\n",
        "X-Long: " + "x" * 600_000 + "\r\n",
    ],
)
def test_headers_that_lie(country: Country, headers: str) -> None:
    words = request_of(country, "/v1/documents/x/recall", headers, b'{"reason":"x"}')
    with country.nothing_taken("gw-h29"):
        try:
            status, _ = spoken(country, "gw-h29", words, country.trust)
        except OSError:
            status = 0
    assert status == 0 or 400 <= status < 500


def test_a_body_shorter_than_announced(country: Country, raw: Identity) -> None:
    data = frame(*sealed(letter(), country.seal_of("H27")))
    token = raw.token(raw.claims("POST", "/v1/packages", data))
    head = (
        f"POST /v1/packages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    before = cuts(country)
    with country.nothing_taken("axis"):
        with (
            socket.create_connection(("127.0.0.1", country.place.ports["axis"]), timeout=20) as plain,
            raw.context.wrap_socket(plain, server_hostname="127.0.0.1") as wire,
        ):
            wire.sendall(head.encode() + data[:-10])
        until(lambda: cuts(country) > before, "a trace of the cut")


def cuts(country: Country) -> int:
    """How many lines of the axis tell of a package whose end did not come."""
    return sum((line.get("code"), line.get("path")) == ("http-400", "/v1/packages") for line in country.said("axis"))


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v2/me", "/v1/me/x", "/admin", "/.git/config", "/%00"])
def test_unknown_addresses(country: Country, raw: Identity, path: str) -> None:
    refused(country.http("H29").get(path), 404, "http-404")
    refused(raw.ask("GET", path), 404, "http-404")


def test_methods_that_an_address_does_not_take(country: Country, raw: Identity) -> None:
    refused(country.http("H29").delete("/v1/me"), 405, "http-405")
    refused(raw.ask("PUT", MAILBOX), 405, "http-405")


@pytest.mark.parametrize(
    "path",
    [
        "/schema-static/../http.py",
        "/schema-static/..%2fhttp.py",
        "/schema-static/%2e%2e/%2e%2e/http.py",
        "/../etc/passwd",
    ],
)
def test_paths_that_climb(country: Country, path: str) -> None:
    words = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    status, body = spoken(country, "gw-h29", words, country.trust)
    assert status in {400, 404}
    assert b"litestar" not in body.lower()
    assert b"root:" not in body


PARAMETERS = [
    ("axis", "/v1/news?after=-1"),
    ("axis", f"/v1/news?after={10**30}"),
    ("axis", "/v1/news?after=x"),
    ("axis", "/v1/news?seconds=1e9"),
    ("axis", "/v1/mailbox?seconds=nan"),
    ("axis", "/v1/mailbox?seconds=-1"),
    ("axis", "/v1/registry?newer_than=" + "9" * 5000),
    ("desk", "/v1/inbox?seconds=inf"),
    ("desk", "/v1/inbox?limit=0"),
    ("desk", "/v1/outgoing?limit=100000"),
    ("desk", "/v1/outgoing?after=1;drop table leg"),
    ("desk", f"/v1/outgoing?after={10**18}0"),
    ("desk", "/v1/outgoing?content=nothing"),
    ("desk", "/v1/search?limit=0"),
    ("desk", "/v1/search?text=" + "a+" * 2000),
    ("desk", "/v1/organisations?text=" + "a" * 5000),
]


@pytest.mark.parametrize(("face", "path"), PARAMETERS)
def test_parameters_out_of_bounds(country: Country, raw: Identity, face: str, path: str) -> None:
    if face == "desk":
        refused(country.http("H29").get(path), 400, "invalid-value")
        return
    token = raw.token(raw.claims("GET", path.split("?", maxsplit=1)[0]))
    refused(raw.ask("GET", path, token=token), 400, "invalid-value")


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "%00", "(", "*", "đ%25"])
def test_words_that_mean_something_to_a_database(country: Country, text: str) -> None:
    assert country.http("H29").get("/v1/search", params={"text": text}).status_code == 200
    assert country.http("H29").get(f"/v1/organisations?text={text.replace('%', '%25')}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/log/tile/0/000.p/257", "/log/tile/99/000", f"/log/tile/0/{10**30}", "/log/tile/0/x999/x999/x999/x999/x999/999"],
)
def test_tiles_that_cannot_be(country: Country, path: str) -> None:
    answer = httpx.get(country.place.url("axis-ops") + path)
    assert answer.status_code in {400, 404}
    assert answer.json()["tieu_de"]
