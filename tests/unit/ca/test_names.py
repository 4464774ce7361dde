"""Subjects and URNs."""

import unicodedata

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from lienthong.ca import Subject, holder_uri, shortened
from lienthong.ca.names import alternative_names
from lienthong.errors import InvalidValue

LONG = "Trung tâm Công nghệ thông tin và Chuyển đổi số thuộc Sở Khoa học và Công nghệ tỉnh Lâm Đồng"


def test_the_order_is_that_of_government_certificates():
    name = Subject("Nguyễn Văn Mẫu", "Bộ Nội vụ", ("Vụ A", "Phòng B"), "Hà Nội", "mau@example.vn", "MST:1").to_name()
    kinds = [attribute.oid for attribute in name]
    assert kinds == [
        NameOID.COUNTRY_NAME,
        NameOID.LOCALITY_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATIONAL_UNIT_NAME,
        NameOID.ORGANIZATIONAL_UNIT_NAME,
        NameOID.COMMON_NAME,
        NameOID.EMAIL_ADDRESS,
        NameOID.USER_ID,
    ]


def test_vietnamese_is_nfc_utf8string():
    name = Subject(unicodedata.normalize("NFD", "Trần Thị Ví Dụ")).to_name()
    parsed = asn1.Name.load(name.public_bytes())
    value = parsed.chosen[1][0]["value"].chosen
    assert type(value).__name__ == "UTF8String"
    assert value.native == "Trần Thị Ví Dụ"


def test_absent_fields_leave_no_attribute():
    assert [attribute.value for attribute in Subject("A").to_name()] == ["VN", "A"]


@pytest.mark.parametrize(
    ("text", "bound", "expected"),
    [
        ("Bộ Nội vụ", 9, "Bộ Nội vụ"),
        ("Bộ Nội vụ", 8, "Bộ Nội…"),
        ("Bộ   Nội\tvụ", 9, "Bộ Nội vụ"),
        ("Sở Y tế, Hà Nội", 9, "Sở Y tế…"),
        ("abcdefghij", 5, "abcd…"),
        ("ab cd ef", 6, "ab cd…"),
    ],
)
def test_shortening_keeps_whole_words(text: str, bound: int, expected: str):
    assert shortened(text, bound) == expected


@given(st.text(min_size=1, max_size=200), st.integers(4, 80))
def test_shortened_never_exceeds_its_bound(text: str, bound: int):
    assert len(shortened(text, bound)) <= bound


def test_a_long_name_fits_x520():
    name = Subject(LONG, LONG, (LONG,), LONG * 2).to_name()
    cn = name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert cn == "Trung tâm Công nghệ thông tin và Chuyển đổi số…"
    assert len(cn.encode()) <= 64
    unit = name.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value
    assert unit == "Trung tâm Công nghệ thông tin và Chuyển đổi số thuộc Sở Khoa…"
    assert len(name.get_attributes_for_oid(NameOID.LOCALITY_NAME)[0].value) <= 128


@pytest.mark.parametrize("email", ["nguyễn@example.vn", "a" * 251 + "@a.vn"])
def test_an_address_is_never_changed_to_fit(email: str):
    with pytest.raises(InvalidValue):
        Subject("A", email=email).to_name()


@pytest.mark.parametrize("name", ["", "  "])
def test_somebody_is_named(name: str):
    with pytest.raises(InvalidValue):
        Subject(name).to_name()


@pytest.mark.parametrize(
    ("holder", "uri"),
    [
        ("org:G09.02.01", "urn:lienthong:org:G09.02.01"),
        ("log:lienthong.vn/log/axis", "urn:lienthong:log:lienthong.vn/log/axis"),
        ("org:vxp saas Đ", "urn:lienthong:org:vxp%20saas%20%C4%90"),
        ("org:a#b?c%d", "urn:lienthong:org:a%23b%3Fc%25d"),
    ],
)
def test_holders_are_urns(holder: str, uri: str):
    assert holder_uri(holder) == uri


def test_hosts_are_addresses_or_names():
    uri, name, four, six = alternative_names("gateway:a", ("localhost", "127.0.0.1", "::1"))
    assert isinstance(uri, x509.UniformResourceIdentifier)
    assert isinstance(name, x509.DNSName)
    assert {str(four.value), str(six.value)} == {"127.0.0.1", "::1"}


def test_a_host_name_with_marks_is_refused():
    with pytest.raises(InvalidValue):
        alternative_names("", ("trục.vn",))
