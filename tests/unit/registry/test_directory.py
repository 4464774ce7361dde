"""Looking up who bears a code, who speaks for whom, and which keys are whose."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lienthong.registry import (
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    ResolutionKind,
    Rules,
    Status,
    certificate_entry,
)
from lienthong.seal import SealResult, judge
from registry_world import code, directory, organisation
from seal_world import NOW, PARTS, sealed, signer

LAST_DAY = date(2025, 6, 30)


def test_a_code_in_force_is_current():
    found = directory(organisation("H55")).resolve(code("H55"), NOW)
    assert (found.kind, found.via, found.successors) == (ResolutionKind.CURRENT, (), ())
    assert found.organisation == organisation("H55")


def test_an_unknown_code():
    found = directory().resolve(code("H55"), NOW)
    assert (found.kind, found.organisation) == (ResolutionKind.UNKNOWN, None)


def test_a_code_not_yet_in_force_is_unknown_but_named():
    later = organisation("H64", valid_from=date(2027, 1, 1))
    found = directory(later).resolve(code("H64"), NOW)
    assert (found.kind, found.organisation) == (ResolutionKind.UNKNOWN, later)


def test_legacy_codes_lead_to_the_same_row():
    row = organisation("H55", legacy_code=code("000.00.00.H55"))
    asked = directory(row)
    assert asked.organisation(code("000.00.00.H55")) == row
    assert asked.resolve(code("000.00.00.H55"), NOW).kind is ResolutionKind.CURRENT
    assert asked.organisation(code("000.00.01.H55")) is None


def test_one_successor_redirects():
    found = directory(organisation("H03", to="H55", closed=LAST_DAY), organisation("H55")).resolve(code("H03"), NOW)
    assert found.kind is ResolutionKind.REDIRECTED
    assert found.organisation == organisation("H55")
    assert found.via == (code("H03"),)


def test_successors_are_followed_to_the_end():
    rows = (organisation("A1", to="A2", closed=LAST_DAY), organisation("A2", to="A3", closed=LAST_DAY))
    found = directory(*rows, organisation("A3")).resolve(code("A1"), NOW)
    assert (found.organisation, found.via) == (organisation("A3"), (code("A1"), code("A2")))


def test_several_successors_are_listed_and_not_chosen():
    rows = (organisation("A1", to="A2 A3", closed=LAST_DAY), organisation("A2"), organisation("A3"))
    found = directory(*rows).resolve(code("A1"), NOW)
    assert found.kind is ResolutionKind.CLOSED
    assert found.organisation == rows[0]
    assert found.successors == rows[1:]


def test_a_chain_into_several_is_closed_with_their_names():
    rows = (organisation("A1", to="A2", closed=LAST_DAY), organisation("A2", to="A3 A4", closed=LAST_DAY))
    found = directory(*rows, organisation("A3"), organisation("A4")).resolve(code("A1"), NOW)
    assert (found.kind, found.organisation) == (ResolutionKind.CLOSED, rows[0])
    assert [str(each.code) for each in found.successors] == ["A3", "A4"]


def test_no_successor_is_closed():
    found = directory(organisation("G23", closed=LAST_DAY)).resolve(code("G23"), NOW)
    assert (found.kind, found.successors) == (ResolutionKind.CLOSED, ())


@pytest.mark.parametrize("loop", [{"A1": "A1"}, {"A1": "A2", "A2": "A1"}, {"A1": "A2", "A2": "A3", "A3": "A2"}])
def test_loops_end_as_closed(loop: dict[str, str]):
    rows = [organisation(text, to=to, closed=LAST_DAY) for text, to in loop.items()]
    assert directory(*rows).resolve(code("A1"), NOW).kind is ResolutionKind.CLOSED


def test_a_successor_nobody_lists_is_closed():
    found = directory(organisation("A1", to="A2", closed=LAST_DAY)).resolve(code("A1"), NOW)
    assert (found.kind, found.successors) == (ResolutionKind.CLOSED, ())


def test_a_successor_not_yet_in_force_is_not_redirected_to():
    rows = (organisation("A1", to="A2", closed=LAST_DAY), organisation("A2", valid_from=date(2027, 1, 1)))
    assert directory(*rows).resolve(code("A1"), NOW).kind is ResolutionKind.CLOSED


def test_redirecting_can_be_switched_off():
    rows = (organisation("H03", to="H55", closed=LAST_DAY), organisation("H55"))
    found = directory(*rows, rules=Rules(redirect_closed=False)).resolve(code("H03"), NOW)
    assert (found.kind, found.successors) == (ResolutionKind.CLOSED, rows[1:])


def test_the_day_is_vietnamese():
    asked = directory(organisation("H03", to="H55", closed=LAST_DAY), organisation("H55"))
    last = datetime(2025, 6, 30, 16, 59, 59, tzinfo=UTC)
    assert asked.resolve(code("H03"), last).kind is ResolutionKind.CURRENT
    assert asked.resolve(code("H03"), last + timedelta(seconds=1)).kind is ResolutionKind.REDIRECTED


def test_a_closing_day_to_come_leaves_the_code_in_force():
    row = organisation("H03", to="H55", closed=date(2030, 1, 1), status=Status.CLOSED)
    assert directory(row, organisation("H55")).resolve(code("H03"), NOW).kind is ResolutionKind.CURRENT


def test_closed_without_a_day_is_closed():
    assert directory(organisation("H03", status=Status.CLOSED)).resolve(code("H03"), NOW).kind is ResolutionKind.CLOSED


# ---------------------------------------------------------------- gateways


SHARED = Gateway("gw-1", "Máy chủ dùng chung", code("G22"), GatewayKind.SHARED, "https://gw-1.example")


def served(row: Organisation, *spans: tuple[date | None, date | None]):
    rows = tuple(Representation("gw-1", row.code, *span) for span in spans or ((None, None),))
    return directory(row, organisation("G22"), gateways=(SHARED,), representations=rows)


def test_a_gateway_speaks_for_its_organisation():
    asked = served(organisation("H26", legacy_code=code("000.00.00.H26")))
    assert asked.gateway_of(code("H26"), NOW) == SHARED
    assert asked.gateway_of(code("000.00.00.H26"), NOW) == SHARED
    assert asked.represents("gw-1", code("H26"), NOW)
    assert asked.gateway("gw-1") == SHARED
    assert [str(each.code) for each in asked.represented_by("gw-1", NOW)] == ["H26"]


def test_it_does_not_speak_for_others():
    asked = served(organisation("H26"))
    assert not asked.represents("gw-1", code("G22"), NOW)
    assert not asked.represents("gw-1", code("H99"), NOW)
    assert not asked.represents("gw-2", code("H26"), NOW)
    assert asked.gateway_of(code("G22"), NOW) is None
    assert asked.gateway("gw-2") is None


def test_speaking_begins_and_ends():
    asked = served(organisation("H26"), (date(2026, 1, 1), date(2026, 6, 30)))
    days = [
        datetime(2025, 12, 31, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 6, 30, tzinfo=UTC),
        NOW,
    ]
    assert [asked.represents("gw-1", code("H26"), day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize("changes", [{"closed": LAST_DAY}, {"status": Status.LOCKED}, {"valid_from": date(2030, 1, 1)}])
def test_nobody_speaks_for_the_closed_the_locked_and_the_unborn(changes: dict[str, object]):
    asked = served(organisation("H26", **changes))
    assert asked.gateway_of(code("H26"), NOW) is None
    assert not asked.represents("gw-1", code("H26"), NOW)
    assert asked.represented_by("gw-1", NOW) == ()


# ---------------------------------------------------------------- keys


def test_keys_are_told_apart_by_purpose_and_holder():
    seal_key = certificate_entry(signer("a").certificate, "org:G09", Purpose.PACKAGE_SEAL)
    gate_key = certificate_entry(signer("b").certificate, "gateway:gw-1", Purpose.GATEWAY)
    asked = directory(certificates=(seal_key, gate_key), logs=(LogKey("axis.example/log", "vkey", "axis"),))
    assert asked.sealing_key(seal_key.thumbprint) == seal_key
    assert asked.sealing_key(gate_key.thumbprint) is None
    assert asked.sealing_key("unknown") is None
    assert asked.gateway_key("gw-1", gate_key.thumbprint) == gate_key
    assert asked.gateway_key("gw-2", gate_key.thumbprint) is None
    assert asked.gateway_key("gw-1", seal_key.thumbprint) is None
    assert asked.log_key("axis") == LogKey("axis.example/log", "vkey", "axis")
    assert asked.log_key("gw-1") is None


def test_a_hop_of_several_processes_has_a_log_key_for_each() -> None:
    first, second = (LogKey(f"axis.example/{n}", f"vkey {n}", "axis") for n in "12")
    asked = directory(logs=(first, second))
    assert asked.log_key("axis") == first
    assert asked.log_key("axis", second.origin) == second
    assert asked.log_key("axis", "axis.example/3") is None
    assert asked.log_key("gw-1", first.origin) is None


def test_the_directory_is_a_trust_for_seals():
    entry = certificate_entry(signer().certificate, "org:G09", Purpose.PACKAGE_SEAL)
    asked = directory(organisation("G09"), certificates=(entry,))
    assert judge(sealed(), PARTS, asked, NOW).result is SealResult.VALID
    stale = directory(organisation("G09"), certificates=(entry,), expires_at=NOW)
    assert judge(sealed(), PARTS, stale, NOW).result is SealResult.CANNOT_TELL


def test_certificates_know_when_they_may_be_used():
    entry = certificate_entry(signer().certificate, "org:G09", Purpose.PACKAGE_SEAL, NOW)
    assert not entry.usable_at(NOW)
    assert entry.usable_at(NOW - timedelta(seconds=1))
    assert not entry.usable_at(NOW - timedelta(days=1000))


# ---------------------------------------------------------------- search


@pytest.mark.parametrize("text", ["dak lak", "ĐẮK LẮK", "lak dak", "h15", "H15", "000.00.00.h15", "Dak Lak Prov"])
def test_people_find_by_words_without_marks_or_by_code(text: str):
    row = organisation("H15", name="UBND tỉnh Đắk Lắk", name_en="Dak Lak Province", legacy_code=code("000.00.00.H15"))
    assert directory(organisation("H16"), row).search(text) == (row,)


def test_the_exact_code_comes_first_and_the_rest_is_limited():
    rows = [organisation(f"H26.{number:02d}") for number in range(40)]
    found = directory(*rows, organisation("H26")).search("h26", limit=5)
    assert str(found[0].code) == "H26"
    assert len(found) == 5


def test_nothing_is_found_for_nothing():
    assert directory(organisation("H26")).search("  ") == ()


def test_a_whole_country_is_looked_up():
    rows = [organisation("H26")]
    rows += [
        organisation(f"H26.{n // 1000:03d}.{n % 1000:03d}", level="commune", parent=code("H26")) for n in range(111_000)
    ]
    asked = directory(*rows)
    for number in range(0, 111_000, 997):
        wanted = code(f"H26.{number // 1000:03d}.{number % 1000:03d}")
        found = asked.resolve(wanted, NOW)
        assert found.kind is ResolutionKind.CURRENT
        assert found.organisation is not None
        assert found.organisation.code == wanted
    assert asked.resolve(code("H26.111.000"), NOW).kind is ResolutionKind.UNKNOWN
    assert [str(each.code) for each in asked.search("h26.110.999")] == ["H26.110.999"]


def test_gateways_are_found_by_where_they_answer() -> None:
    places = {
        "gw-a": "https://GW.a.example:8443/v1",
        "gw-b": "gw.a.example:9443",
        "gw-c": "https://[2001:db8::1]:8443",
        "gw-d": "https://[",
        "gw-e": None,
    }
    rows = [Gateway(name, name, code("H29"), endpoint=place) for name, place in places.items()]
    asked = directory(gateways=tuple(rows))

    def at(host: str) -> dict[str, list[str]]:
        return {name: [each.id for each in there] for name, there in asked.gateways_at(host).items()}

    assert at("Gw.A.Example.") == at("*.a.example") == at("g*.a.example") == {"gw.a.example": ["gw-a", "gw-b"]}
    assert at("2001:DB8:0::1") == {"2001:db8::1": ["gw-c"]}
    assert [at(host) for host in ("a.example", "*.example", "x.gw.a.example", "")] == [{}] * 4
