"""The demo's small country as data: who is there, who speaks for whom, who signs. Codes below level 1 are samples."""

from dataclasses import dataclass
from datetime import date

ROOM, OTHER_ROOM = "Phòng Tổng hợp (mẫu)", "Phòng Chuyên môn (mẫu)"
OFFICES = frozenset({"G22", "G09", "H14", "H29", "H29.03", "H29.51"})
"""Where leader, head of a unit and officers work beside the clerk: centre, ministry, province, department, ward."""
ADMINISTERED = "H29"
"""Whose people and units are kept by a sample administrator."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A sample person of an agency: login, duty, name, and the post."""

    login: str
    duty: str
    name: str
    unit: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """One demo agency: its row in the registry, its gateway, and its sample people."""

    code: str
    name: str
    short: str
    level: str
    gateway: str = ""
    parent: str | None = None
    place: str = "Hà Nội"
    notation: str = ""
    position: str = ""
    leader: str = ""
    authority: tuple[str, ...] = ()
    closed: date | None = None
    successors: tuple[str, ...] = ()
    legacy: str = ""

    @property
    def clerk(self) -> str:
        """The login of its sample clerk."""
        return "vanthu." + self.code.lower()

    @property
    def people(self) -> tuple[Colleague, ...]:
        """Its sample people: a clerk and a leader everywhere; where its office is played, those who work with them."""
        clerk = Colleague(self.clerk, "clerk", f"Văn thư Mẫu – {self.short}")
        leader = Colleague(f"lanhdao.{self.code.lower()}", "leader", self.leader, title=self.position.capitalize())
        first = (clerk, leader) if self.leader else (clerk,)
        return (*first, *_colleagues(self)) if self.code in OFFICES else first


def _colleagues(agency: Agency) -> tuple[Colleague, ...]:
    code = agency.code.lower()
    keeper = Colleague(f"quantri.{code}", "administrator", f"Quản trị Mẫu – {agency.short}", title="Quản trị cơ quan")
    return (
        *((keeper,) if agency.code == ADMINISTERED else ()),
        Colleague(f"truongphong.{code}", "unit-head", f"Trưởng phòng Mẫu – {agency.short}", ROOM, "Trưởng phòng"),
        Colleague(f"chuyenvien.{code}", "officer", f"Chuyên viên Mẫu – {agency.short}", ROOM),
        Colleague(
            f"truongphong2.{code}", "unit-head", f"Trưởng phòng Ví Dụ – {agency.short}", OTHER_ROOM, "Trưởng phòng"
        ),
        Colleague(f"chuyenvien2.{code}", "officer", f"Chuyên viên Ví Dụ – {agency.short}", OTHER_ROOM),
    )


@dataclass(frozen=True, slots=True)
class DemoGateway:
    """One gateway of the demo; one that does not run stands for a site that is switched off."""

    id: str
    name: str
    operator: str
    shared: bool = False
    runs: bool = True


CITY, GOVERNMENT, SILENT = "gw-h29", "gw-g22", "gw-h27"

GATEWAYS = (
    DemoGateway(CITY, "Máy chủ bảo mật TP Hồ Chí Minh", "H29"),
    DemoGateway(GOVERNMENT, "Máy chủ bảo mật dùng chung (VPCP)", "G22", shared=True),
    DemoGateway(SILENT, "Máy chủ bảo mật Hà Tĩnh (đang tắt)", "H27", runs=False),
)

SAI_GON = "Thành phố Hồ Chí Minh"
DISTRICTS_ENDED = date(2025, 6, 30)

AGENCIES = (
    Agency(
        "G22",
        "Văn phòng Chính phủ",
        "VPCP",
        "central",
        GOVERNMENT,
        notation="VPCP-MẪU",
        position="BỘ TRƯỞNG, CHỦ NHIỆM",
        leader="Nguyễn Văn Mẫu",
    ),
    Agency(
        "G09",
        "Bộ Nội vụ",
        "BNV",
        "central",
        GOVERNMENT,
        notation="BNV-MẪU",
        position="BỘ TRƯỞNG",
        leader="Trần Thị Ví Dụ",
    ),
    Agency(
        "G06",
        "Bộ Khoa học và Công nghệ",
        "BKHCN",
        "central",
        GOVERNMENT,
        notation="BKHCN-MẪU",
        position="BỘ TRƯỞNG",
        leader="Lê Văn Thí Điểm",
    ),
    Agency(
        "H14",
        "Ủy ban nhân dân tỉnh Cao Bằng",
        "UBND tỉnh Cao Bằng",
        "province",
        GOVERNMENT,
        place="Cao Bằng",
        notation="UBND-MẪU",
        position="CHỦ TỊCH",
        leader="Hoàng Văn Mẫu",
        authority=("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H14.20",
        "Ủy ban nhân dân xã Mẫu Sơn Ví Dụ",
        "UBND xã Mẫu Sơn",
        "commune",
        GOVERNMENT,
        "H14",
        "Mẫu Sơn",
        "UBND-MẪU",
        "CHỦ TỊCH",
        "Nông Thị Ví Dụ",
        ("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H29",
        "Ủy ban nhân dân Thành phố Hồ Chí Minh",
        "UBND TP HCM",
        "province",
        CITY,
        place=SAI_GON,
        notation="UBND-MẪU",
        position="CHỦ TỊCH",
        leader="Phạm Văn Mẫu",
        authority=("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H29.03",
        "Sở Nội vụ Thành phố Hồ Chí Minh",
        "Sở Nội vụ",
        "province",
        CITY,
        "H29",
        SAI_GON,
        "SNV-MẪU",
        "GIÁM ĐỐC",
        "Võ Thị Ví Dụ",
    ),
    Agency(
        "H29.07",
        "Sở Khoa học và Công nghệ Thành phố Hồ Chí Minh",
        "Sở KH&CN",
        "province",
        CITY,
        "H29",
        SAI_GON,
        "SKHCN-MẪU",
        "GIÁM ĐỐC",
        "Đặng Văn Thí Điểm",
    ),
    Agency(
        "H29.51",
        "Ủy ban nhân dân phường Mẫu An",
        "UBND phường Mẫu An",
        "commune",
        CITY,
        "H29",
        SAI_GON,
        "UBND-MẪU",
        "CHỦ TỊCH",
        "Bùi Văn Mẫu",
        ("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H29.52",
        "Ủy ban nhân dân phường Mẫu Bình",
        "UBND phường Mẫu Bình",
        "commune",
        CITY,
        "H29",
        SAI_GON,
        "UBND-MẪU",
        "CHỦ TỊCH",
        "Đỗ Thị Ví Dụ",
        ("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H29.53",
        "Ủy ban nhân dân phường Mẫu Cát",
        "UBND phường Mẫu Cát",
        "commune",
        CITY,
        "H29",
        SAI_GON,
        "UBND-MẪU",
        "CHỦ TỊCH",
        "Ngô Văn Thí Điểm",
        ("TM. ỦY BAN NHÂN DÂN",),
    ),
    Agency(
        "H29.21",
        "Ủy ban nhân dân Quận Mẫu",
        "UBND Quận Mẫu (đã kết thúc)",
        "district",
        "",
        "H29",
        SAI_GON,
        closed=DISTRICTS_ENDED,
        successors=("H29.51",),
    ),
    Agency("H27", "Ủy ban nhân dân tỉnh Hà Tĩnh", "UBND tỉnh Hà Tĩnh", "province", SILENT, place="Hà Tĩnh"),
)

BY_CODE = {agency.code: agency for agency in AGENCIES}
WORKING = tuple(agency for agency in AGENCIES if agency.leader)
"""Agencies with people and a running gateway."""
