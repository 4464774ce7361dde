"""The directory in its three calls, and asking to serve one more organisation."""

from lienthong.cli.conformance.model import Broken, Chapter
from lienthong.cli.conformance.stage import expect
from lienthong.cli.conformance.vxp.stage import VxpStage

CHAPTER = Chapter("VXP: danh bạ", "VXP: the directory")


def _row(rows: list[dict[str, str]], code: str) -> dict[str, str]:
    found = [row for row in rows if row.get("code") == code]
    if len(found) != 1:
        raise Broken(f"Phải có đúng một dòng của {code}", f"there must be one row of {code}", found)
    return found[0]


@CHAPTER.story("vxp-agencies", "Danh bạ kiểu cũ có hai bên, đủ trường", "the old list has both sides, all fields")
def _(stage: VxpStage) -> None:
    rows = stage.tested.call("/getAgenciesList").rows("Danh bạ", "the directory")
    for code in (stage.tested.code, stage.partner.code):
        row = _row(rows, code)
        wanted = {"id", "pid", "code", "name", "mail", "oldCode"}
        expect(wanted <= row.keys() and row["name"], "Phải đủ trường", "all fields must be there", row)


@CHAPTER.story("vxp-agencies-qd20", "Danh bạ Quyết định 20/2020, theo cấp", "the list of Decision 20/2020, by level")
def _(stage: VxpStage) -> None:
    every = stage.tested.call("/getAgenciesListQD20", level="").rows("Danh bạ", "the directory")
    row = _row(every, stage.partner.code)
    expect({"id", "code", "name", "mail", "code102"} <= row.keys(), "Phải đủ trường", "all fields", row)
    level = stage.tested.call("/getAgenciesListQD20", level="1").rows("Danh bạ cấp 1", "level 1")
    deep = [each["code"] for each in level if "." in each["code"]]
    expect(level and not deep, "Cấp 1 chỉ có mã cấp 1", "level 1 has codes of level 1 only", deep[:5])


@CHAPTER.story("vxp-units", "Danh bạ đồng bộ nói mã nào đã đóng", "the list to keep in step says what ended", "closed")
def _(stage: VxpStage) -> None:
    rows = stage.tested.call("/getSynchronizeUnit").rows("Đồng bộ danh bạ", "keeping in step")
    ended, here = _row(rows, stage.cast.closed), _row(rows, stage.tested.code)
    wanted = {"id", "pid", "code", "name", "mail", "version", "centerCode", "deleted", "modifyDate", "isAgency"}
    expect(wanted <= here.keys(), "Phải đủ trường", "all fields must be there", here)
    told = str(ended["deleted"]).lower(), str(here["deleted"]).lower()
    expect(told == ("true", "false"), "Mã đã đóng phải là deleted", "an ended code must be deleted", told)


@CHAPTER.story("vxp-register", "Đăng ký cơ quan mình đang gọi thay: được", "registering whom one serves is taken")
def _(stage: VxpStage) -> None:
    body = f'{{"code":"{stage.tested.code}","name":"","id":"","pcode":"","mail":"","mobile":"","fax":""}}'
    stage.tested.call("/registerAgency", body.encode()).good("Đăng ký", "registering")
    stage.tested.call("/registerAgency", b"{").refused()


@CHAPTER.story("vxp-delete-foreign", "Không xóa được cơ quan của hệ thống khác", "nobody deletes another's", "stranger")
def _(stage: VxpStage) -> None:
    stage.tested.call("/deleteAgency", b"{}", AgencyCode=stage.stranger.code).refused()


@CHAPTER.story("vxp-count", "Số đếm khớp với danh sách", "the counter agrees with the list")
def _(stage: VxpStage) -> None:
    told = stage.tested.call("/countReceiveEdoc").good("Đếm", "counting")
    expect(isinstance(told.get("count"), int) and told["count"] >= 0, "count phải là số", "count is a number", told)
