"""A running gateway as it is set up: every answer says what its agency has left, and a flood is told when to come again."""

import http.client
import json
from contextlib import closing
from typing import Any

import pytest

from running_country import Country

pytestmark = pytest.mark.acceptance
FLOODING, OTHER = "H29.53", "H29"
FLOOD = 10_000


def asked(country: Country, line: http.client.HTTPConnection, code: str) -> tuple[int, http.client.HTTPMessage, Any]:
    line.request("GET", "/v1/me", headers={"Authorization": f"Bearer {country.token(code)}"})
    answer = line.getresponse()
    return answer.status, answer.headers, json.loads(answer.read())


def line_to(country: Country, code: str) -> closing[http.client.HTTPSConnection]:
    port = country.place.ports[country.gateway_of(code)]
    return closing(http.client.HTTPSConnection("127.0.0.1", port, context=country.trust, timeout=60))


def test_a_flood_is_slowed_and_nobody_else(country: Country) -> None:
    with line_to(country, FLOODING) as line:
        status, headers, _ = asked(country, line, FLOODING)
        assert (status, headers["ratelimit-policy"]) == (200, '"rate";q=1000;w=10')
        assert headers["ratelimit"].startswith('"rate";r=')
        for _ in range(FLOOD):
            status, headers, said = asked(country, line, FLOODING)
            if status != 200:
                break
    assert (status, said["code"], said["retryable"]) == (429, "busy", True)
    assert int(headers["retry-after"]) >= 1
    assert headers["ratelimit"] == f'"rate";r=0;t={headers["retry-after"]}'
    with line_to(country, OTHER) as line:
        assert asked(country, line, OTHER)[0] == 200
