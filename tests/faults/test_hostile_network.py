"""A hostile network before a real axis: slow, lying, half, idle and flooding callers. Bounded, refused, traced.

The axis here has tight limits, so that what must end by itself ends soon.
"""

import resource
import socket  # noqa: TID251  # bytes that no client would send
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from lienthong.cli.demo.build import build
from lienthong.cli.demo.processes import Processes
from lienthong.envelope import frame
from refusing import refused
from running_country import Country, Identity, letter, now, sealed, until

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
LIMITS = """
[admission]
work = 4
waiting = 8
patience = 2.0
polls = 3
body_seconds = 2.0
body_rate = 1000000

[connections]
most = 2000
head_seconds = 2.0
"""
PATIENCE = 60.0


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """An axis with tight limits, and nothing else of the country running."""
    place = build(tmp_path_factory.mktemp("tight") / "here")
    with (place.folder / "axis.toml").open("a") as file:
        file.write(LIMITS)
    processes = Processes(place)
    country = Country(place, processes)
    try:
        processes.launch("axis")
        processes.await_ready("axis")
        yield country
    finally:
        country.close()
        processes.stop()


@pytest.fixture
def raw(tight: Country) -> Identity:
    return tight.identity()


@pytest.fixture(autouse=True)
def _still_serves(tight: Country, raw: Identity) -> Iterator[None]:
    """Whatever was done to it: the axis goes on taking packages, and met nothing it did not foresee."""
    yield
    until(lambda: raw.submit(sealed(letter(), tight.seal_of("H27"))).status_code == 201, "a good package")
    assert not [line for line in tight.said("axis") if line["event"] == "unexpected"]


def opened(tight: Country, raw: Identity) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", tight.place.ports["axis"]), timeout=PATIENCE)
    return raw.context.wrap_socket(plain, server_hostname="127.0.0.1")


def all_of(wire: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    told = b""
    while True:
        try:
            piece = wire.recv(65536)
        except (ConnectionError, ssl.SSLError):
            return told
        if not piece:
            return told
        told += piece


def head(raw: Identity, data: bytes, *lines: str) -> bytes:
    token = raw.token(raw.claims("POST", "/v1/packages", data))
    return "\r\n".join(
        ["POST /v1/packages HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", *lines, "", ""]
    ).encode()


def good(tight: Country) -> bytes:
    return frame(*sealed(letter(), tight.seal_of("H27")))


def traces(tight: Country, *codes: str) -> int:
    """How many lines of the axis tell of these refusals."""
    return sum(line.get("code") in codes for line in tight.said("axis"))


# ---------------------------------------------------------------- slow


def test_a_head_that_drips_is_not_waited_for(tight: Country, raw: Identity) -> None:
    with opened(tight, raw) as wire:
        wire.sendall(b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert all_of(wire) == b""


def test_an_idle_connection_is_closed(tight: Country, raw: Identity) -> None:
    with opened(tight, raw) as wire:
        assert all_of(wire) == b""


def test_a_handshake_that_never_comes_is_not_waited_for(tight: Country) -> None:
    with socket.create_connection(("127.0.0.1", tight.place.ports["axis"]), timeout=PATIENCE) as wire:
        assert all_of(wire) == b""


def test_a_body_that_drips_is_refused_with_a_code(tight: Country, raw: Identity) -> None:
    data, before = good(tight), traces(tight, "body-too-slow")
    with opened(tight, raw) as wire:
        wire.sendall(head(raw, data, f"Content-Length: {len(data)}") + data[:20])
        told = all_of(wire)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"body-too-slow" in told
    assert traces(tight, "body-too-slow") == before + 1


# ---------------------------------------------------------------- lying and half


@pytest.mark.parametrize("length", ["-5", "abc", "1e3", "", "99999999999999999999999"])
def test_a_length_that_is_none(tight: Country, raw: Identity, length: str) -> None:
    data = good(tight)
    with opened(tight, raw) as wire:
        wire.sendall(head(raw, data, f"Content-Length: {length}") + data)
        assert all_of(wire)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413"}


def test_two_lengths(tight: Country, raw: Identity) -> None:
    data = good(tight)
    with opened(tight, raw) as wire:
        wire.sendall(head(raw, data, f"Content-Length: {len(data)}", "Content-Length: 5") + data)
        assert all_of(wire).startswith(b"HTTP/1.1 400 ")


def test_a_length_and_chunks_leave_no_second_request(tight: Country, raw: Identity) -> None:
    """RFC 9112 §6.3: chunks decide, and the connection ends; what was smuggled behind is never answered."""
    hidden = b"GET /v1/mailbox HTTP/1.1\r\nHost: x\r\n\r\n"
    with opened(tight, raw) as wire:
        wire.sendall(
            head(raw, b"abc", "Content-Length: 8", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n" + hidden
        )
        told = all_of(wire)
    assert told.startswith(b"HTTP/1.1 4")
    assert told.count(b"HTTP/1.1") == 1


def test_more_than_the_length_is_no_request(tight: Country, raw: Identity) -> None:
    data = good(tight)
    with opened(tight, raw) as wire:
        wire.sendall(head(raw, data, f"Content-Length: {len(data)}") + data + b"junk junk\r\n\r\n")
        told = all_of(wire)
    assert told.startswith(b"HTTP/1.1 201 ")
    assert b"HTTP/1.1 400 " in told


def test_half_an_upload_leaves_nothing(tight: Country, raw: Identity) -> None:
    data, cut = good(tight), ("http-400", "body-too-slow")
    before = traces(tight, *cut)
    with tight.nothing_taken("axis"):
        with opened(tight, raw) as wire:
            wire.sendall(head(raw, data, f"Content-Length: {len(data)}") + data[: len(data) // 2])
        until(lambda: traces(tight, *cut) > before, "a trace of the cut")


def test_a_length_beyond_the_limit_is_refused_before_it_comes(tight: Country, raw: Identity) -> None:
    with opened(tight, raw) as wire:
        wire.sendall(head(raw, b"", f"Content-Length: {10**12}"))
        told = all_of(wire)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"package-too-large" in told


# ---------------------------------------------------------------- large heads, pipelines, replays


def test_a_head_that_is_too_large(tight: Country, raw: Identity) -> None:
    with opened(tight, raw) as wire:
        with suppress(ConnectionError, ssl.SSLError):  # it hangs up as soon as it has seen enough
            wire.sendall(b"GET /v1/mailbox HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 900_000 + b"\r\n\r\n")
        assert all_of(wire)[:12] in {b"HTTP/1.1 431", b""}


def test_a_large_head_is_told_and_traced(tight: Country, raw: Identity) -> None:
    """One that fits into a connection's buffer is answered in words; more than that is the server's to refuse."""
    before = traces(tight, "head-too-large")
    with opened(tight, raw) as wire:
        wire.sendall(
            b"GET /v1/mailbox HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 70_000 + b"\r\nConnection: close\r\n\r\n"
        )
        told = all_of(wire)
    assert told.startswith(b"HTTP/1.1 431 ")
    assert b"head-too-large" in told
    assert traces(tight, "head-too-large") == before + 1


def test_too_many_headers(tight: Country, raw: Identity) -> None:
    lines = b"".join(b"X-%d: a\r\n" % number for number in range(500))
    with opened(tight, raw) as wire:
        wire.sendall(b"GET /v1/mailbox HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
        assert all_of(wire).startswith(b"HTTP/1.1 431 ")


def test_a_pipeline_of_requests_is_answered_one_by_one(tight: Country, raw: Identity) -> None:
    with opened(tight, raw) as wire:
        wire.sendall(b"GET /v1/mailbox HTTP/1.1\r\nHost: x\r\n\r\n" * 20 + b"\x00\xff junk\r\n\r\n")
        told = all_of(wire)
    assert told.count(b"HTTP/1.1 401 ") == 20
    assert told.count(b"HTTP/1.1 400 ") == 1


def test_a_replayed_token_and_skewed_clocks(tight: Country, raw: Identity) -> None:
    data = good(tight)
    token = raw.token(raw.claims("POST", "/v1/packages", data))
    assert raw.ask("POST", "/v1/packages", data, token=token).status_code == 201
    refused(raw.ask("POST", "/v1/packages", data, token=token), 401, "token-replayed")
    for off in (-900, 900):
        at = int(now().timestamp()) + off
        skewed = raw.token(raw.claims("POST", "/v1/packages", data, iat=at, exp=at + 60))
        refused(raw.ask("POST", "/v1/packages", data, token=skewed), 401, "clock-skewed")


# ---------------------------------------------------------------- many


def test_idle_connections_are_bounded_and_go_by_themselves(tight: Country, raw: Identity) -> None:
    """More than the face bears at a time: they wait, are closed, and good callers are served in the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
    with ExitStack() as stack:
        for _ in range(1500):
            wire = socket.create_connection(("127.0.0.1", tight.place.ports["axis"]), timeout=PATIENCE)
            stack.enter_context(wire)
        assert raw.submit(sealed(letter(), tight.seal_of("H27"))).status_code == 201
        assert len(list(Path(f"/proc/{tight.processes._running['axis'].pid}/fd").iterdir())) < 2500


def test_long_polls_of_one_caller_are_counted(tight: Country, raw: Identity) -> None:
    def poll(_: int) -> int:
        with_token = raw.token(raw.claims("GET", "/v1/news"))
        return raw.ask("GET", "/v1/news?seconds=3&after=1000000", token=with_token).status_code

    with ThreadPoolExecutor(8) as many:
        found = list(many.map(poll, range(8)))
    assert found.count(429) == 5
    assert found.count(200) == 3


def test_a_flood_is_told_when_to_come_again_and_others_are_served(tight: Country, raw: Identity) -> None:
    """One gateway floods; another one, whose every call comes alone, is never refused."""
    other = tight.identity("gw-h29")
    packages = [sealed(letter(), tight.seal_of("H27")) for _ in range(60)]
    with ThreadPoolExecutor(40) as many:
        flood = [many.submit(raw.submit, each) for each in packages]
        modest = [other.submit(sealed(letter(("H27",), "H29"), tight.seal_of("H29"), "H29")) for _ in range(5)]
        answers = [each.result() for each in flood]
    assert [answer.status_code for answer in modest] == [201] * 5
    assert {answer.status_code for answer in answers} <= {201, 429}
    for busy in (answer for answer in answers if answer.status_code == 429):
        refused(busy, 429, "busy")
        assert int(busy.headers["Retry-After"]) >= 1
        assert busy.headers["RateLimit"].startswith('"share";r=0;t=')
    taken = {answer.json()["package"] for answer in answers if answer.status_code == 201}
    kept = {row[0] for row in tight.rows("axis", "select id from package")}
    assert taken <= kept
