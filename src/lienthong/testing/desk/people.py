"""The agencies of the sample country. Names of people and wards are evidently made up."""
# ruff: noqa: E501 - a table of agencies, one a line

from lienthong.client.model import Org

CITY = "H29"
OLD_DISTRICT = "H29.30"
WARDS = tuple(f"H29.{100 + n}" for n in range(1, 74))
_SPOKEN = (
    "Bến Mẫu", "Cầu Ví Dụ", "Chợ Mẫu", "Tân Mẫu", "Phú Ví Dụ", "An Mẫu Đông", "An Mẫu Tây", "Bình Ví Dụ",
    "Hiệp Mẫu", "Long Mẫu", "Vĩnh Mẫu", "Thạnh Ví Dụ",
)  # fmt: skip


def _ward(n: int) -> str:
    name = _SPOKEN[n % len(_SPOKEN)]
    return f"Ủy ban nhân dân phường {name}" + (f" {n // len(_SPOKEN) + 1}" if n >= len(_SPOKEN) else "")


ORGANISATIONS = {
    org.code: org
    for org in (
        Org("G22", "Văn phòng Chính phủ", "", "central", open=True, successor=None),
        Org("G09", "Bộ Nội vụ", "", "central", open=True, successor=None),
        Org("G12", "Bộ Tài chính", "", "central", open=True, successor=None),
        Org(CITY, "Ủy ban nhân dân Thành phố Hồ Chí Minh", "", "province", open=True, successor=None),
        Org("H29.05", "Sở Nội vụ Thành phố Hồ Chí Minh", CITY, "province", open=True, successor=None),
        Org("H29.18", "Sở Nông nghiệp và Môi trường Thành phố Hồ Chí Minh", CITY, "province", open=True, successor=None),
        Org(OLD_DISTRICT, "Ủy ban nhân dân quận Mẫu (đã kết thúc ngày 30/6/2025)", CITY, "district", open=False, successor=WARDS[0]),
        *(Org(code, _ward(n), CITY, "commune", open=True, successor=None) for n, code in enumerate(WARDS)),
    )
}  # fmt: skip


def name_of(code: str) -> str:
    """The name of an agency, or its code."""
    return ORGANISATIONS[code].name if code in ORGANISATIONS else code
