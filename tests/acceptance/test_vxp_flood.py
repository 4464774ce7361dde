"""Ten thousand calls of one system at a running gateway: refused in the SDK's shape, counted, and held in little memory."""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import pytest

from lienthong.cli.bench.resident import resident
from lienthong.cli.demo.country import CITY
from running_country import Country, until
from vxp_software import Software, Terminal, terminal

pytestmark = pytest.mark.acceptance
FLOOD = 10_000
WARM = 1_000
"""Calls after which a process holds what it holds for good."""
GROWTH = 32 * 2**20
SHAPE = {"status", "ErrorCode", "ErrorDesc"}


@pytest.fixture
def operator(country: Country) -> Terminal:
    return terminal(country, CITY)


def registered(country: Country, operator: Terminal) -> Software:
    name = f"lu-{uuid4().hex[:8]}"
    told = json.loads(operator.run("system", "add", name, "--serves", "H29", "--json"))
    return Software(country, CITY, name, told["secret"])


def answers(software: Software, count: int) -> Iterator[dict[str, str]]:
    """So many calls over one connection, one after the other."""
    port, headers = software.country.place.ports[f"{CITY}-vxp"], software.signed()
    with closing(http.client.HTTPSConnection("127.0.0.1", port, context=software.context(), timeout=60)) as line:
        for _ in range(count):
            line.request("GET", "/countReceiveEdoc", headers=headers)
            answer = line.getresponse()
            told = json.loads(answer.read())
            assert answer.status == 200
            yield told


def busy(operator: Terminal, system: str) -> int:
    """Refusals of that system as an operator reads them."""
    rows = json.loads(operator.run("system", "trail", "--system", system, "--json"))
    assert {row["call"] for row in rows if row["code"] == "busy"} <= {"/countReceiveEdoc"}
    assert len(rows) < 60, "a row a minute"
    return sum(row["count"] for row in rows if row["code"] == "busy")


def test_ten_thousand_calls_of_one_system(country: Country, operator: Terminal) -> None:
    software, other = registered(country, operator), registered(country, operator)
    pid, said = country.processes._running[CITY].pid, Counter[str]()
    before = 0
    for at, told in enumerate(answers(software, FLOOD)):
        if at == WARM:
            before = resident([pid])
        if told["status"] == "FAIL":
            assert told.keys() == SHAPE
            assert told["ErrorCode"] == "429"
            assert told["ErrorDesc"].startswith("busy: ")
        said[told["status"]] += 1
    assert said["FAIL"] > 0
    assert said.total() == FLOOD
    assert resident([pid]) - before < GROWTH
    assert other.call("/countReceiveEdoc")["status"] == "OK"
    until(lambda: busy(operator, software.system) == said["FAIL"], "the count of all that was refused")
    logged = Path(country.place.folder / "logs" / f"{CITY}.log").read_text("utf-8", "replace")
    assert software.secret not in logged
