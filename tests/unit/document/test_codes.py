import pytest

from lienthong.document import Generation, OrganisationCode
from lienthong.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "generation", "level1"),
    [
        ("000.00.15.H51", Generation.FIRST, "H51"),
        ("000.00.00.G22", Generation.FIRST, "G22"),
        ("H51.15", Generation.SECOND, "H51"),
        ("G09.02.01", Generation.SECOND, "G09"),
        ("H37.DN.001", Generation.SECOND, "H37"),
        ("Z01123456789", Generation.SECOND, "Z01"),
        ("0101234567", Generation.SECOND, None),
        ("0101234567-001", Generation.SECOND, None),
        ("vxp.saas.02", Generation.OTHER, None),
        ("01.02.G22", Generation.OTHER, None),
        ("001.00.20.TT2", Generation.OTHER, None),
    ],
)
def test_every_code_seen_is_legal(text: str, generation: Generation, level1: str | None) -> None:
    code = OrganisationCode.parse(text)
    assert (code.generation, code.level1) == (generation, level1)


def test_a_code_has_one_spelling() -> None:
    assert OrganisationCode.parse("  h51.15\n") == OrganisationCode("H51.15")
    assert str(OrganisationCode("h51.15")) == "H51.15"
    assert {OrganisationCode("h51"), OrganisationCode("H51")} == {OrganisationCode("H51")}
    assert min(OrganisationCode("H51"), OrganisationCode("G22")).value == "G22"


@pytest.mark.parametrize(
    "text", ["", "  ", "A" * 36, "H51 15", "H51\n15", "H51/15", "H51\x00", "../H51", "H51\u202e15"]
)
def test_what_could_mislead_is_no_code(text: str) -> None:
    with pytest.raises(InvalidValue):
        OrganisationCode.parse(text)


def test_the_longest_code() -> None:
    assert OrganisationCode.parse("H51." + "1" * 31).generation is Generation.SECOND


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.15.H51", "H51.15"),
        ("001.02.15.H51", "H51.15.02.001"),
        ("000.00.00.G22", "G22"),
        ("001.00.15.H51", "H51.15.001"),
    ],
)
def test_the_formula_suggests_the_new_code(old: str, new: str) -> None:
    assert OrganisationCode(old).suggested_second() == OrganisationCode(new)


@pytest.mark.parametrize("text", ["H51.15", "vxp.saas.02", "001.00.20.TT2"])
def test_nothing_is_suggested_for_other_codes(text: str) -> None:
    assert OrganisationCode(text).suggested_second() is None
