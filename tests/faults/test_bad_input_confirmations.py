"""Gateways that say what is not so: confirmations and hand-overs without proof change nothing at the axis."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from evidence_made import authority, log_of
from lienthong.cli.demo.build import origin
from lienthong.evidence import Event, EventKind
from refusing import logged, refused
from running_country import Country, Identity, letter, now, sealed

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
WORDS = "/v1/confirmations"
Item = dict[str, Any]


@pytest.fixture
def raw(country: Country) -> Identity:
    return country.identity()


@pytest.fixture
def item(country: Country, raw: Identity) -> Item:
    """A letter from Hà Nội that waits for our gateway, which has fetched it."""
    made = sealed(letter(["H27"], sender="G09"), country.seal_of("G09"), "G09")
    answer = country.identity("gw-g22").submit(made)
    assert answer.status_code == 201, answer.text
    return raw.fetched(answer.json()["package"])


@pytest.fixture(autouse=True)
def _lives_on(country: Country) -> Iterator[None]:
    before = country.unexpected()
    yield
    assert country.unexpected() == before


def word(item: Item, receipt: str, **changes: Any) -> Item:
    return {
        "package": item["package"],
        "addressee": item["addressee"],
        "state": "delivered",
        "receipt": receipt,
    } | changes


def state(country: Country, item: Item) -> str:
    query = "select state from leg where package = ? and addressee = ?"
    return str(country.rows("axis", query, item["package"], item["addressee"])[0][0])


def good(raw: Identity, item: Item) -> str:
    return raw.receipt(EventKind.CONSIGNED, item).to_json()


def forged_log(_: Country, raw: Identity, item: Item) -> str:
    """Our own log's name under a stranger's authority."""
    log = log_of(authority("Người lạ (mẫu)"), origin(raw.gateway))
    return log.receipts(Event.from_leaf(raw.receipt(EventKind.CONSIGNED, item).leaf))[0].to_json()


def changed_leaf(_: Country, raw: Identity, item: Item) -> str:
    told = json.loads(raw.receipt(EventKind.CONSIGNED, item, package="0" * 32).to_json())
    return json.dumps(told | {"leaf": told["leaf"].replace("0" * 32, item["package"])})


def axis_receipt(country: Country, _: Identity, item: Item) -> str:
    """The axis's own acceptance, as if it were ours."""
    made = sealed(letter(), country.seal_of("H27"))
    return str(country.identity().submit(made).json()["receipt"])


FORGERIES: dict[str, Callable[[Country, Identity, Item], str]] = {
    "a stranger's log": forged_log,
    "a changed leaf": changed_leaf,
    "another hop's receipt": axis_receipt,
    "another leg": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, item, addressee="H29").to_json(),
    "another package": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, item, package="1" * 32).to_json(),
    "another content": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, item, digest="2" * 64).to_json(),
    "what was never fetched": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, raw.mail(item["package"])).to_json(),
    "another document": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, item, document="G09,1").to_json(),
    "another word": lambda _, raw, item: raw.receipt(EventKind.REFUSED, item).to_json(),
    "in another hop's name": lambda _, raw, item: raw.receipt(EventKind.CONSIGNED, item, hop="gw-h29").to_json(),
    "nothing": lambda *_: "",
    "no receipt": lambda *_: "{}",
    "no JSON": lambda *_: "\x00",
    "deep": lambda *_: "[" * 100_000,
    "deep inside": lambda *_: '{"format":' + '{"a":' * 50_000,
    "numbers as texts": lambda _, raw, item: good(raw, item).replace('"index":', '"index":"x","was":'),
    "a giant index": lambda _, raw, item: good(raw, item).replace('"index":', f'"index":{10**40},"was":'),
    "a checkpoint that is none": lambda _, raw, item: json.dumps(json.loads(good(raw, item)) | {"checkpoint": "x\n\n"}),
    "no chain": lambda _, raw, item: json.dumps(json.loads(good(raw, item)) | {"chain": []}),
    "a chain of junk": lambda _, raw, item: json.dumps(json.loads(good(raw, item)) | {"chain": ["AAAA"]}),
    "a stamp of junk": lambda _, raw, item: json.dumps(json.loads(good(raw, item)) | {"stamp": "AAAA"}),
}  # fmt: skip


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_receipt_delivers_nothing(country: Country, raw: Identity, item: Item, how: str) -> None:
    refused(raw.post(WORDS, [word(item, FORGERIES[how](country, raw, item))]), 422, "evidence-broken")
    assert state(country, item) == "accepted"
    logged(country, "axis", "evidence-broken", WORDS)
    assert raw.post(WORDS, [word(item, good(raw, item))]).json()[0]["state"] == "delivered"


def test_a_good_word_beside_a_bad_one_is_not_half_taken(country: Country, raw: Identity, item: Item) -> None:
    other = dict(item, package="3" * 32)
    words = [word(item, good(raw, item)), word(other, good(raw, other))]
    refused(raw.post(WORDS, words), 404, "not-found")
    assert state(country, item) == "accepted"


def test_what_belongs_to_another_gateway(country: Country, raw: Identity) -> None:
    theirs = country.identity("gw-g22").submit(sealed(letter(["H29"], sender="G09"), country.seal_of("G09"), "G09"))
    package = theirs.json()["package"]
    leg = {
        "package": package,
        "addressee": "H29",
        "recipient": "H29",
        "sender": "G09",
        "message_id": "x",
        "digest": "4" * 64,
    }
    refused(raw.ask("GET", f"/v1/packages/{package}"), 404, "not-found")
    refused(raw.post(WORDS, [word(leg, good(raw, leg))]), 404, "not-found")
    country.arrived("H29", package)


def test_what_was_never_there(raw: Identity, item: Item) -> None:
    for package in ("5" * 32, "", "x" * 5000, "../../etc/passwd", "'; drop table leg; --"):
        leg = dict(item, package=package)
        refused(raw.post(WORDS, [word(leg, good(raw, leg))]), 404, "not-found")


@pytest.mark.parametrize("package", ["5" * 32, "x", "..%2f..%2fhop.sqlite3", "%00", "đ", "x" * 1000])
def test_fetching_what_is_not_there(raw: Identity, package: str) -> None:
    answer = raw.http.build_request("GET", f"/v1/packages/{package}")
    path = answer.url.path
    refused_with(raw, f"/v1/packages/{package}", path)


def refused_with(raw: Identity, path: str, bound: str) -> None:
    answer = raw.ask("GET", path, token=raw.token(raw.claims("GET", bound)))
    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] in {"not-found", "http-404"}


def test_a_repeat_and_a_change_of_mind_get_what_stands(country: Country, raw: Identity, item: Item) -> None:
    first = raw.post(WORDS, [word(item, good(raw, item))]).json()
    refusal = raw.receipt(EventKind.REFUSED, item, code="seal-invalid").to_json()
    second = raw.post(WORDS, [word(item, refusal, state="refused", refusal="seal-invalid")]).json()
    assert first == second
    assert state(country, item) == "delivered"


@pytest.mark.parametrize("said", ["handed-over", "expired", "cancelled", "accepted"])
def test_a_state_that_is_not_a_gateways_to_say(country: Country, raw: Identity, item: Item, said: str) -> None:
    refused(raw.post(WORDS, [word(item, good(raw, item), state=said)]), 422, "evidence-broken")
    assert state(country, item) == "accepted"


BODIES = {
    "nothing": b"",
    "no JSON": b"\xff\xfe{",
    "an object": b"{}",
    "numbers": b"[1,2]",
    "an unknown state": b'[{"package":"x","addressee":"x","state":"lost","receipt":"x"}]',
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "a lone surrogate": b'[{"package":"\\ud800","addressee":"x","state":"delivered","receipt":"x"}]',
    "huge": b"[" + b'"x",' * 500_000 + b'"x"]',
}


@pytest.mark.parametrize("path", [WORDS, "/v1/news"])
@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_says_nothing(country: Country, raw: Identity, path: str, what: str) -> None:
    refused(raw.ask("POST", path, BODIES[what]), 400, "package-malformed")
    logged(country, "axis", "package-malformed", path)


def test_a_hand_over_without_proof(country: Country, raw: Identity, item: Item) -> None:
    raw.post(WORDS, [word(item, good(raw, item))])
    news = {
        "package": item["package"],
        "addressee": "H27",
        "recipient": "H27",
        "at": now().isoformat(),
        "hop": raw.gateway,
    }
    for told in (
        {"state": "handed-over", "receipts": []},
        {"state": "handed-over", "receipts": [good(raw, item)]},
        {"state": "delivered", "receipts": [good(raw, item)]},
        {"state": "expired", "receipts": []},
    ):
        refused(raw.post("/v1/news", [news | told]), 422, "evidence-broken")
    assert state(country, item) == "delivered"
    proved = {"state": "handed-over", "receipts": [raw.receipt(EventKind.HANDED_OVER, item).to_json()]}
    assert raw.post("/v1/news", [news | proved]).status_code == 204
    assert state(country, item) == "handed-over"
