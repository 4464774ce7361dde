"""The VXP face of running gateways: registered at a terminal, called over TLS as Java of any age does, to the end."""

import base64
import hashlib
import json
import socket  # noqa: TID251  # a client that waits before its body
import ssl
from collections.abc import Iterator
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import pytest

from lienthong.cli.demo.country import CITY, GOVERNMENT
from running_country import Country, until
from vxp_made import edxml
from vxp_software import Software, Terminal, terminal

pytestmark = pytest.mark.acceptance


@pytest.fixture
def operator(country: Country) -> Terminal:
    return terminal(country, CITY)


@pytest.fixture
def software(country: Country, operator: Terminal) -> Software:
    name = f"pm-{uuid4().hex[:8]}"
    told = json.loads(operator.run("system", "add", name, "--serves", "H29", "--serves", "H29.51", "--json"))
    return Software(country, CITY, name, told["secret"])


@pytest.fixture
def partner(country: Country) -> Software:
    name = f"pm-{uuid4().hex[:8]}"
    told = json.loads(terminal(country, GOVERNMENT).run("system", "add", name, "--serves", "G22", "--json"))
    return Software(country, GOVERNMENT, name, told["secret"])


def received(software: Software, sent: str) -> dict[str, str]:
    """The item of a package, once it is there."""
    look = lambda: [  # noqa: E731  # asked again and again
        row
        for row in software.call("/getReceivedEdocList", messagetype="edoc")["data"]
        if row["docId"].startswith(sent)
    ]
    return dict(until(look, sent)[0])


def test_from_software_to_software_over_real_gateways(software: Software, partner: Software) -> None:
    data = edxml("H29", "G22", number=uuid4().hex[:8])
    sent = software.send(data, "H29")
    assert software.send(data, "H29") == sent
    item = received(partner, sent["DocId"])
    assert base64.b64decode(partner.call("/getEdoc", b"{}", docId=item["docId"])["data"]) == data
    assert partner.call("/updateStatus", b"{}", docId=item["docId"], status="done")["ErrorCode"] == "0"
    done = lambda: (  # noqa: E731  # asked again and again
        software.call("/getSentEdocList", docId=sent["DocId"], messagetype="edoc")["data"][0]["receiveStatus"] == "done"
    )
    until(done, "the hand-over")


def test_a_desk_and_software_meet(country: Country, software: Software) -> None:
    """What came in by one face goes out by the other."""
    from lienthong.client import File, Metadata  # noqa: PLC0415  # beside its use

    metadata = Metadata(uuid4().hex[:8], "CV-MẪU", "Văn bản mẫu", ("H29",))
    large = b"%PDF-1.7\n" + bytes(range(256)) * 20_000
    sent = country.desk("G22").send(metadata, [File("lon.pdf", "application/pdf", large)], uuid4().hex)
    item = received(software, sent.entry.id)
    text = base64.b64decode(software.call("/getEdoc", b"{}", docId=item["docId"])["data"])
    assert base64.b64encode(large) in text
    software.call("/updateStatus", b"{}", docId=item["docId"], status="done")
    country.delivered("G22", sent.entry.id, "handed-over")


def test_java_of_any_age_is_understood(software: Software) -> None:
    for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert software.call("/countReceiveEdoc", newest=newest)["status"] == "OK"


@pytest.mark.parametrize("path", ["/sendEdoc", "/getAgenciesList", "/countReceiveEdoc"])
def test_a_body_is_read_before_the_answer(software: Software, path: str) -> None:
    """What is left unread when a connection closes takes the end of the answer with it."""
    data = edxml("H29", "G22", number=uuid4().hex[:8])
    headers = software.signed(**{"from": "H29", "messagetype": "edoc", "hash-file": hashlib.sha256(data).hexdigest()})
    head = [f"{name}: {value}" for name, value in headers.items()]
    method = "GET" if path.startswith("/count") else "POST"
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Expect: 100-continue", f"Content-Length: {len(data)}", *head]
    port = software.country.place.ports[f"{CITY}-vxp"]
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
        software.context().wrap_socket(plain, server_hostname="127.0.0.1") as line,
    ):
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 100 ")
        line.sendall(data)
        came = block = line.recv(65536)
        while block and b'"status":"OK"' not in came:
            block = line.recv(65536)
            came += block
        assert b'"status":"OK"' in came


def test_secrets_are_rotated_and_revoked_at_a_terminal(software: Software, operator: Terminal) -> None:
    fresh = json.loads(operator.run("system", "rotate", software.system, "--keep-hours", "1", "--json"))
    newer = Software(software.country, CITY, software.system, fresh["secret"])
    assert software.call("/countReceiveEdoc")["status"] == newer.call("/countReceiveEdoc")["status"] == "OK"
    (known,) = (row for row in json.loads(operator.run("system", "list", "--json")) if row["id"] == software.system)
    old = known["secrets"][0]["id"]
    operator.run("system", "revoke", software.system, "--secret", old)
    assert software.call("/countReceiveEdoc")["ErrorDesc"].startswith("token-invalid")
    assert newer.call("/countReceiveEdoc")["status"] == "OK"
    operator.run("system", "revoke", software.system)
    assert newer.call("/countReceiveEdoc")["ErrorDesc"].startswith("token-invalid")
    for words in (("list",), ("trail",), ("wishes", "--all")):
        assert operator.run("system", *words)
    assert software.secret not in (software.country.place.folder / CITY / "data" / "hop.sqlite3").read_bytes().decode(
        "latin-1"
    )


def test_a_wish_is_decided_at_a_terminal(software: Software, operator: Terminal) -> None:
    assert software.call("/registerAgency", b'{"code":"H29.52","name":"Ph\xc6\xb0\xe1\xbb\x9dng"}')["status"] == "OK"
    assert software.call("/deleteAgency", b"{}", AgencyCode="H29.51")["status"] == "OK"
    waiting = [
        row for row in json.loads(operator.run("system", "wishes", "--json")) if row["system"] == software.system
    ]
    assert [(row["act"], row["code"]) for row in waiting] == [("register", "H29.52"), ("delete", "H29.51")]
    operator.run("system", "approve", waiting[0]["id"], "--reason", "đúng đề nghị")
    operator.run("system", "refuse", waiting[1]["id"], "--reason", "còn dùng")
    (known,) = (row for row in json.loads(operator.run("system", "list", "--json")) if row["id"] == software.system)
    assert known["serves"] == ["H29", "H29.51", "H29.52"]
    operator.run("system", "approve", waiting[0]["id"], "--reason", "lần nữa", code=1)


def test_what_an_operator_may_not_register(operator: Terminal) -> None:
    operator.run("system", "add", "a b", "--serves", "H29", code=1)
    operator.run("system", "add", "hop-le", "--serves", "G22", code=1)
    operator.run("system", "add", "hop-le", "--serves", "H99", code=1)
    operator.run("system", "rotate", "khong-co", code=1)


@pytest.fixture(autouse=True)
def _lives_on(country: Country) -> Iterator[None]:
    before = country.unexpected()
    yield
    assert country.unexpected() == before
