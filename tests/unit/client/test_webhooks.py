"""A webhook's receiver knows its gateway's calls, and no other's."""

import base64

import msgspec
import pytest

from lienthong.client.webhooks import opened
from lienthong.errors import InvalidValue, TokenInvalid
from lienthong.gateway.happening import Event
from lienthong.gateway.hooking import signed, written_secret
from lienthong.testing.pki import MOMENT

SECRET = b"s" * 32
EVENT = Event("7", "document.consigned", MOMENT, "in", "1" * 32, "vb-1", "G22,2026/11/22,15", "edoc", "H29", "")
BODY = msgspec.json.encode({"type": EVENT.type, "timestamp": EVENT.at, "data": EVENT})
HEADERS = signed(SECRET, "gw-7", MOMENT, BODY)
NOW = MOMENT.timestamp()


def test_a_call_of_the_gateway_is_opened() -> None:
    found = opened(written_secret(SECRET), HEADERS, BODY, NOW)
    assert (found.document, found.type, found.at) == (EVENT.document, EVENT.type, EVENT.at)
    both = HEADERS | {"webhook-signature": f"v1,AAAA {HEADERS['webhook-signature']}"}  # while secrets change
    assert opened(written_secret(SECRET), {name.upper(): value for name, value in both.items()}, BODY, NOW) == found


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        (HEADERS, BODY + b" ", NOW),
        (HEADERS | {"webhook-id": "gw-8"}, BODY, NOW),
        (HEADERS | {"webhook-timestamp": str(int(NOW) + 1)}, BODY, NOW),
        (HEADERS | {"webhook-timestamp": "now"}, BODY, NOW),
        (HEADERS, BODY, NOW + 301),
        (HEADERS, BODY, NOW - 301),
        (HEADERS | {"webhook-signature": ""}, BODY, NOW),
        ({}, BODY, NOW),
    ],
)
def test_a_stranger_or_a_replay_is_not(headers: dict[str, str], body: bytes, now: float) -> None:
    with pytest.raises(TokenInvalid):
        opened(written_secret(SECRET), headers, body, now)


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(TokenInvalid):
        opened(written_secret(b"x" * 32), HEADERS, BODY, NOW)
    with pytest.raises(InvalidValue):
        opened("whsec_???", HEADERS, BODY, NOW)
    with pytest.raises(InvalidValue):
        opened(f"whsec_{base64.b64encode(SECRET).decode()}", signed(SECRET, "1", MOMENT, b"{}"), b"{}", NOW)
