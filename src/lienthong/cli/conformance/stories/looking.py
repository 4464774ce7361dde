"""Finding again, and proof."""

import json
import unicodedata
from typing import Any

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import letter
from lienthong.cli.conformance.stage import Stage, expect
from lienthong.evidence import ProofResult, read_evidence, verify_bundle

CHAPTER = Chapter("Tra cứu, bằng chứng", "Looking, proof")


@CHAPTER.story("directory", "Danh bạ tìm được theo mã và theo tên không dấu", "the directory by code and plain words")
def _(stage: Stage) -> None:
    mine = _listed(stage, stage.partner.code)
    expect(mine.get("open") and mine.get("reachable"), "Phải có nơi nhận, đang mở", "the partner must be open", mine)
    again = stage.tested.ask("GET", "/v1/organisations", params={"text": _plain(mine["name"]), "limit": 200})
    codes = [row["code"] for row in again.good(200, "Danh bạ", "directory")]
    expect(stage.partner.code in codes, "Phải tìm được khi gõ không dấu", "must be found without accents", codes)


def _listed(stage: Stage, code: str) -> dict[str, Any]:
    """The directory's row of a code, or nothing."""
    answer = stage.tested.ask("GET", "/v1/organisations", params={"text": code})
    rows = answer.good(200, "Danh bạ", "the directory")
    return next((row for row in rows if row["code"] == code), {})


def _plain(name: str) -> str:
    flat = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


@CHAPTER.story(
    "directory-closed",
    "Danh bạ nói mã đã đóng và nơi kế thừa",
    "a closed code names its successor",
    "closed",
    "successor",
)
def _(stage: Stage) -> None:
    row = _listed(stage, stage.cast.closed)
    right = row.get("open") is False and row.get("successor") == stage.cast.successor
    expect(right, "Phải nói đã đóng và nơi kế thừa", "must say closed, and the successor", row)


@CHAPTER.story("search", "Tìm theo số, ký hiệu, chữ không dấu", "search by number, notation, plain words")
def _(stage: Stage) -> None:
    mark = letter("x").metadata["number"]
    paper = letter(stage.partner.code, subject=f"Về việc thử tìm kiếm đường thủy {mark}")
    package = stage.tested.sends(paper)["entry"]["id"]
    number = paper.metadata["number"]
    for text in (number, f"{number}/{paper.metadata['notation']}", f"duong thuy {mark}", package):
        page = stage.tested.ask("GET", "/v1/search", params={"text": text}).good(200, "Tìm", "searching")
        found = [entry["id"] for entry in page["entries"]]
        expect(package in found, f"Phải tìm được bằng “{text}”", f"must be found by “{text}”", found)


@CHAPTER.story("pages", "Danh sách dài đi hết trang, không sót, không lặp", "pages: none missed, none twice")
def _(stage: Stage) -> None:
    mark = letter("x").metadata["number"]
    sent = {
        stage.tested.sends(letter(stage.partner.code, subject=f"Thử trang {mark}"))["entry"]["id"] for _ in range(5)
    }
    seen: list[str] = []
    after = ""
    for _ in range(10):
        query = {"text": mark, "limit": 2, "after": after}
        page = stage.tested.ask("GET", "/v1/outgoing", params=query).good(200, "Văn bản đi", "outgoing")
        seen += [entry["id"] for entry in page["entries"]]
        if not (after := page["next"]):
            break
    expect(sorted(seen) == sorted(sent), "Phải đủ, không lặp", "all, none twice", (len(seen), len(sent)))


@CHAPTER.story("timeline", "Hành trình kể bằng lời, hai thứ tiếng, có biên nhận", "the journey in words with receipts")
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.partner.code))["entry"]["id"]
    stage.taken(stage.partner, package)
    stage.leg(stage.tested, package, stage.partner.code, "Đã nhận", "handed over", state="handed-over")
    steps = stage.tested.document(package)["steps"]
    expect(all(step["text_vi"] and step["text_en"] for step in steps), "Mỗi bước phải có lời", "words", steps)
    proved = [step for step in steps if step["evidence"]]
    expect(proved, "Phải có bước có biên nhận", "some step must have a receipt", steps)
    one = stage.tested.ask("GET", f"/v1/documents/{package}/evidence/{proved[0]['evidence']}")
    one.good(200, "Biên nhận của một bước", "the receipt of one step")


@CHAPTER.story("evidence", "Biên nhận kiểm chứng được không cần mạng", "receipts verify offline", "roots")
def _(stage: Stage) -> None:
    paper = letter(stage.partner.code)
    package = stage.tested.sends(paper)["entry"]["id"]
    stage.taken(stage.partner, package)

    def whole() -> bytes | None:
        answer = stage.tested.ask("GET", f"/v1/documents/{package}/evidence")
        answer.good(200, "Bộ biên nhận", "the bundle of receipts")
        kinds = {receipt.event.kind.value for receipt in read_evidence(answer.content).receipts}
        return answer.content if "handed-over" in kinds else None

    data = stage.until(whole, "Phải có biên nhận bàn giao", "the receipt of the hand-over must come")
    right = verify_bundle(read_evidence(data), paper.digests(), stage.cast.roots)
    expect(right.result is ProofResult.PROVED, "Phải chứng minh được", "must be proved", json.dumps(right.as_dict()))
    other = dict.fromkeys(paper.digests(), "0" * 64)
    wrong = verify_bundle(read_evidence(data), other, stage.cast.roots)
    expect(wrong.result is not ProofResult.PROVED, "Tệp khác không được chứng minh", "another file must not be proved")
