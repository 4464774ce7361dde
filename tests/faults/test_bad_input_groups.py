"""Groups of packages that lie, are cut, or hold something bad: the real axis refuses what is wrong and takes the rest."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from lienthong.envelope import DEFAULT, frame, group
from refusing import logged, refused
from running_country import Country, Identity, letter, sealed

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
PATH = "/v1/groups"


@pytest.fixture
def raw(country: Country) -> Identity:
    return country.identity()


@pytest.fixture(autouse=True)
def _lives_on(country: Country) -> Iterator[None]:
    before = country.unexpected()
    yield
    assert country.unexpected() == before
    assert country.identity().submit(good(country)).status_code == 201


def good(country: Country) -> bytes:
    return frame(*sealed(letter(), country.seal_of("H27")))


def sent(raw: Identity, body: bytes, count: object) -> httpx.Response:
    return raw.ask("POST", PATH, body, headers={} if count is None else {"Package-Count": str(count)})


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    replies: list[dict[str, Any]] = answer.json()
    return [(each["problem"] or {"code": ""})["code"] for each in replies]


def taken(reply: dict[str, Any]) -> tuple[str, str]:
    """Which package, and the leaf that says so: told again, a receipt may have got its time stamp."""
    accepted = reply["accepted"]
    return accepted["package"], json.loads(accepted["receipt"])["leaf"]


def test_bad_ones_between_good_ones_harm_nobody(country: Country, raw: Identity) -> None:
    first, last = good(country), good(country)
    changed = good(country)[:-1] + b"!"
    foreign = frame(*sealed(letter(("H27",), "G09"), country.seal_of("G09"), "G09"))
    answer = sent(raw, group([first, b"x", changed, foreign, first, last]), 6)
    assert codes(answer) == ["", "package-malformed", "part-changed", "sender-not-represented", "", ""]
    told = answer.json()
    assert taken(told[0]) == taken(told[4])
    problem = told[2]["problem"]
    assert (problem["status"], problem["retryable"]) == (422, False)
    assert problem["tieu_de"]
    assert problem["facts"]["receipt"]
    for data, code in ((b"x", "package-malformed"), (changed, "part-changed"), (foreign, "sender-not-represented")):
        assert country.rejection(data) == code
        logged(country, "axis", code, PATH)
    again = sent(raw, group([last, first]), 2)
    assert [taken(each) for each in again.json()] == [taken(told[5]), taken(told[0])]


def headed(head: object, rest: bytes) -> bytes:
    made = json.dumps(head).encode()
    return f"{len(made):08x}".encode() + made + rest


# The body, how many are announced, and what it gets.
LIES: dict[str, tuple[Callable[[bytes], bytes], object, int, str]] = {
    "cut": (lambda one: group([one, one])[:-1], 2, 400, "package-malformed"),
    "cut between two": (lambda one: group([one, one])[: -len(one)], 2, 400, "package-malformed"),
    "added to": (lambda one: group([one, one]) + b"x", 2, 400, "package-malformed"),
    "a length that lies": (lambda one: headed({"packages": [len(one), 10**12]}, one), 2, 400, "package-malformed"),
    "lengths that cancel": (lambda one: headed({"packages": [len(one) + 5, -5]}, one), 2, 400, "package-malformed"),
    "nothing in it": (lambda _: headed({"packages": []}, b""), 1, 400, "package-malformed"),
    "deep": (lambda _: b"00004000" + b"[" * 0x4000, 2, 400, "package-malformed"),
    "fewer than announced": (lambda one: group([one, one]), 3, 400, "package-malformed"),
    "more than announced": (lambda one: group([one, one]), 1, 400, "package-malformed"),
    "too many": (lambda one: group([one] * (DEFAULT.group + 1)), DEFAULT.group, 413, "package-too-large"),
    "too many announced": (lambda one: group([one, one]), DEFAULT.group + 1, 413, "package-too-large"),
    "too much": (lambda one: group([one, bytes(DEFAULT.group_bytes)]), 2, 413, "package-too-large"),
    "no count": (lambda one: group([one, one]), None, 400, "invalid-value"),
    "a count that is none": (lambda one: group([one, one]), "two", 400, "invalid-value"),
    "a count of nothing": (lambda one: group([one, one]), "00", 400, "invalid-value"),
    "an endless count": (lambda one: group([one, one]), "9" * 5000, 413, "package-too-large"),
}


@pytest.mark.parametrize("how", LIES)
def test_a_group_that_lies_is_refused_whole(country: Country, raw: Identity, how: str) -> None:
    make, count, status, code = LIES[how]
    body = make(good(country))
    with country.nothing_taken("axis"):
        refused(sent(raw, body, count), status, code)
    logged(country, "axis", code, PATH)


def test_a_group_exchanged_under_its_token(country: Country, raw: Identity) -> None:
    token = raw.token(raw.claims("POST", PATH, group([good(country)])))
    with country.nothing_taken("axis"):
        answer = raw.ask("POST", PATH, group([good(country)]), token=token, headers={"Package-Count": "1"})
        refused(answer, 401, "token-invalid")
