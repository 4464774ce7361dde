"""A day of each role at two agencies: real gateways and axis, a real browser, and a gateway killed in the middle.

The ward's leader signs with the key at the gateway, the province's with the key in a telephone, on that telephone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps_process import environment
from beside import Beside, beside
from lienthong.adapters.keys import KeyPair
from lienthong.cli.demo.build import _web_agency
from lienthong.cli.demo.country import BY_CODE, GOVERNMENT, OTHER_ROOM, Agency
from lienthong.cli.demo.processes import Processes
from lienthong.testing.phone import Habit, PhoneProvider, Telephone
from running_country import Country, until
from served_site import chromium, violations

pytestmark = pytest.mark.acceptance
WARD, PROVINCE = BY_CODE["H29.51"], BY_CODE["H14"]
"""The ward asks through the city's gateway; the province answers through the one that is killed."""
SITE = """[site]
secret_key_file = "day/secret.key"
database = "day/apps.sqlite3"
contents = "day/contents"
hosts = ["127.0.0.1"]
roots = ["root.pem"]
"""
ASKED, ANSWERED = "Phối hợp khảo sát tuyến đường mẫu", "Trả lời về khảo sát tuyến đường mẫu"
NUMBER = "84900000001"
HEAD, OFFICER, LEADER, CLERK = "truongphong", "chuyenvien", "lanhdao", "vanthu"


@dataclass
class Site(Processes):
    """The office of both agencies, with its worker, on a database of its own."""

    def _environment(self) -> dict[str, str]:
        return environment(self.place.folder / "day.toml")

    def open(self) -> None:
        """Tables, people, pages, worker."""
        (self.place.folder / "day").mkdir()
        settings = SITE + "".join(_web_agency(self.place, each) for each in (WARD, PROVINCE))
        (self.place.folder / "day.toml").write_text(settings, "utf-8")
        self._start_web()


@dataclass
class Offices:
    """Everybody's browser, and what is done again and again in it."""

    country: Country
    browser: Browser
    _pages: dict[str, Page] = field(default_factory=dict)

    def at(self, agency: Agency, duty: str, path: str) -> Page:
        """Somebody of an agency, signed in once, at a page."""
        login = f"{duty}.{agency.code.lower()}"
        if login not in self._pages:
            self._pages[login] = self._signed_in(login, viewport={"width": 1366, "height": 900})
        self._pages[login].goto(path)
        return self._pages[login]

    def on_a_telephone(self, agency: Agency, duty: str) -> Page:
        """Somebody of an agency, signed in on a telephone."""
        login = f"{duty}.{agency.code.lower()}"
        return self._signed_in(login, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)

    def _signed_in(self, login: str, **device: Any) -> Page:
        place = self.country.place
        page = self.browser.new_context(base_url=place.url("web"), **device).new_page()
        page.set_default_timeout(30_000)
        page.goto("/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(login)
        page.get_by_label("Mật khẩu").fill((place.folder / "passwords" / login).read_text("utf-8"))
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(lambda url: "/dang-nhap/" not in url)
        return page

    def work(self, agency: Agency, duty: str, box: str, subject: str, *buttons: str) -> str:
        """Open a document in one of one's boxes and press these buttons, one after another; its address without the list."""
        page = self.at(agency, duty, box)
        opened(page, subject)
        for button in buttons:
            press(page, button)
        return page.url.split("?")[0]


def opened(page: Page, subject: str) -> None:
    """The document of a list."""
    page.goto(str(page.get_by_role("link", name=subject).first.get_attribute("href")))


def press(page: Page, button: str) -> None:
    """Open the fold of an act if it is in one, and do it."""
    fold = page.locator("details.act", has=page.get_by_role("button", name=button, exact=True, include_hidden=True))
    if fold.count() and not fold.first.get_attribute("open"):
        fold.first.locator("summary").click()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice.success")).to_be_visible()


def shows(page: Page, *words: str) -> None:
    """Look again until the page says all of it by itself."""

    def seen() -> bool:
        page.reload()
        text = page.locator("main").inner_text()
        return all(each in text for each in words)

    until(seen, f"{page.url}: {words}")


@pytest.fixture(scope="module")
def carrier(country: Country) -> Iterator[Beside[PhoneProvider]]:
    """The province's leader has a key in a telephone, which rings and waits; its gateway finds it at its next start."""
    keys = country.place.folder / "keys" / PROVINCE.code
    leader = KeyPair.load(keys / "leader.key", keys / "leader.pem").document_signer()
    told, certificate, secret = (keys / f"sim.{kind}" for kind in ("phone", "pem", "secret"))
    with beside(PhoneProvider(telephones={NUMBER: Telephone(leader, Habit.IGNORES)})) as found:
        certificate.write_bytes((keys / "leader.pem").read_bytes())
        secret.write_text(found.server.token)
        secret.chmod(0o600)
        told.write_text(f'subscriber = "{NUMBER}"\ncarrier = "{found.server.url}"\ntoken_file = "{secret.name}"\n')
        yield found
        for each in (told, certificate, secret):
            each.unlink()


@pytest.fixture(scope="module")
def offices(country: Country) -> Iterator[Offices]:
    site = Site(country.place)
    with chromium() as browser:
        try:
            site.open()
            yield Offices(country, browser)
        finally:
            site.stop()


def test_a_day_of_each_role_with_a_gateway_killed_in_the_middle(
    carrier: Beside[PhoneProvider], offices: Offices
) -> None:
    _the_leader_asks_for_initials_and_the_form(offices)
    sent = _the_ward_writes_and_signs(offices)
    offices.country.processes.kill(GOVERNMENT)
    _its_clerk_numbers_seals_and_issues(offices, sent)
    _the_provinces_page_says_that_its_gateway_is_away(offices)
    offices.country.processes.restart(GOVERNMENT)
    came = _the_province_registers_and_directs(offices)
    _its_officer_answers(offices, came)
    _its_leader_signs_by_telephone(offices, carrier)
    _its_clerk_numbers_seals_and_issues_it(offices)
    _and_completes(offices, came)
    _the_ward_has_seen_it_all(offices, sent)


def _the_leader_asks_for_initials_and_the_form(offices: Offices) -> None:
    page = offices.at(WARD, LEADER, "/di/cac-buoc/")
    page.locator("#o-role-0").select_option("initial")
    page.locator("#o-unit-0").select_option("own")
    page.locator("#o-role-1").select_option("form")
    page.locator("#o-unit-1").select_option("agency")
    page.get_by_role("button", name="Lưu các bước").click()
    expect(page.locator("table.entries")).to_contain_text("2.")


def _written(page: Page, own: Agency, subject: str) -> None:
    """Fill the form of a letter of this agency and hand it on to its leader."""
    page.locator("#o-kind").select_option("Công văn")
    page.get_by_label("Trích yếu").fill(subject)
    page.locator("#o-notation").fill(own.notation)
    page.locator("#o-signer_name").fill(own.leader)
    page.locator("#o-signer_position").fill(own.position.capitalize())
    page.locator("#soan details.fold > summary").click()
    page.locator("#o-place").fill(own.place)
    page.locator("#o-body").fill("Cơ quan mẫu gửi văn bản mẫu này để thử.\nTrân trọng./.")
    page.locator("#o-to_places").fill("Như trên\nLưu: VT")
    page.locator("#o-signer").select_option(label=own.leader)
    page.locator("#o-words").fill("Kính trình lãnh đạo")
    page.get_by_role("button", name="Trình", exact=True).click()
    expect(page.locator(".notice.success")).to_have_text("Đã trình.")


def _the_ward_writes_and_signs(offices: Offices) -> str:
    page = offices.at(WARD, OFFICER, "/soan/")
    page.get_by_label("Tìm cơ quan").fill(PROVINCE.name)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator("#goi-y").get_by_role("button", name=PROVINCE.name).first.click()
    expect(page.locator(".chosen")).to_contain_text(PROVINCE.name)
    _written(page, WARD, ASKED)
    offices.work(WARD, HEAD, "/di/viec/cho-toi-duyet/", ASKED, "Đồng ý bản 1")
    offices.work(WARD, CLERK, "/di/viec/cho-toi-duyet/", ASKED, "Đồng ý bản 1")
    return offices.work(WARD, LEADER, "/di/viec/cho-ky/", ASKED, "Ký bản 1")


def _its_clerk_numbers_seals_and_issues(offices: Offices, sent: str) -> None:
    box = "/di/viec/cho-cap-so/"
    buttons = ("Cấp số và ngày", "Đóng dấu cơ quan", "Phát hành và gửi")
    assert offices.work(WARD, CLERK, box, ASKED, *buttons) == sent
    page = offices.at(WARD, CLERK, sent)
    shows(page, f"01/{WARD.notation}", "để gửi đến 1 nơi", "Phát hành lúc")


def _the_provinces_page_says_that_its_gateway_is_away(offices: Offices) -> None:
    page = offices.at(PROVINCE, CLERK, "/den/cho-tiep-nhan/")
    expect(page.locator("main")).not_to_contain_text(ASKED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ tiếp nhận")


def _the_province_registers_and_directs(offices: Offices) -> str:
    page = offices.at(PROVINCE, CLERK, "/den/cho-tiep-nhan/")
    shows(page, ASKED)
    opened(page, ASKED)
    shows(page, "Mọi chữ ký số đều hợp lệ")
    assert violations(page) == []
    press(page, "Tiếp nhận, vào sổ")
    expect(page.locator(".notice.success")).to_contain_text("số đến 01")
    came = page.url.split("?")[0]
    page = offices.at(PROVINCE, LEADER, came)
    page.goto(f"{came}?lam=direct")
    page.get_by_label("Ý kiến bút phê").fill("Phòng Tổng hợp chủ trì, trả lời bằng văn bản.")
    page.locator("select[name=who0]").select_option(label=f"Chuyên viên Mẫu – {PROVINCE.short}")
    page.locator("select[name=role0]").select_option("lead")
    page.locator("select[name=who1]").select_option(label=OTHER_ROOM)
    page.locator("select[name=role1]").select_option("coordinate")
    page.locator("label.chip:has(input[name=soon])").nth(1).click()
    page.get_by_role("button", name="Bút phê", exact=True).click()
    expect(page.locator(".notice.success")).to_contain_text("Đã bút phê")
    expect(page.locator(".holders")).to_contain_text(OTHER_ROOM)
    expect(page.locator(".holders")).to_contain_text("hạn")
    return came


def _its_officer_answers(offices: Offices, came: str) -> None:
    page = offices.at(PROVINCE, OFFICER, came)
    press(page, "Bắt đầu xử lý")
    press(page, "Soạn văn bản trả lời")
    expect(page.locator(".chosen")).to_contain_text(WARD.name)
    _written(page, PROVINCE, ANSWERED)
    offices.work(PROVINCE, HEAD, "/di/viec/cho-toi-duyet/", ANSWERED, "Đồng ý bản 1")
    offices.work(PROVINCE, CLERK, "/di/viec/cho-toi-duyet/", ANSWERED, "Đồng ý bản 1")


def _its_leader_signs_by_telephone(offices: Offices, carrier: Beside[PhoneProvider]) -> None:
    page = offices.on_a_telephone(PROVINCE, LEADER)
    page.goto("/di/viec/cho-ky/")
    opened(page, ANSWERED)
    page.locator(".mine .other summary").tap()
    page.get_by_role("link", name="Chọn cách ký").tap()
    page.get_by_role("button", name="Ký bằng điện thoại").tap()
    code = page.locator(".code-shown")
    expect(code).to_be_visible()
    [call] = carrier.server.seen
    assert (call.subscriber, call.code) == (NUMBER, code.inner_text())
    assert ANSWERED in call.display
    carrier.run(carrier.server.answer(call.transaction))
    expect(page.locator(".notice.success")).to_contain_text("Đã ký", timeout=60_000)
    page.context.close()


def _its_clerk_numbers_seals_and_issues_it(offices: Offices) -> None:
    buttons = ("Cấp số và ngày", "Đóng dấu cơ quan", "Phát hành và gửi")
    offices.work(PROVINCE, CLERK, "/di/viec/cho-cap-so/", ANSWERED, *buttons)


def _and_completes(offices: Offices, came: str) -> None:
    page = offices.at(PROVINCE, OFFICER, came)
    expect(page.locator("main")).to_contain_text(f"01/{PROVINCE.notation}")
    page.goto(f"{came}?lam=complete")
    press(page, "Hoàn thành")
    expect(page.locator(".mine")).to_contain_text("hoàn thành lúc")


def _the_ward_has_seen_it_all(offices: Offices, sent: str) -> None:
    page = offices.at(WARD, OFFICER, sent)
    expect(page.locator(".dots tbody tr")).to_have_count(1)
    until(lambda: page.reload() and page.locator(".dots td.dot.done").count() == 5, "five dots")
    page.goto(str(page.locator("a", has_text="Thu hồi, cập nhật, thay thế").first.get_attribute("href")))
    text = page.locator(".journey").inner_text()
    for said in ("Đã đến", "Đã tiếp nhận", "Đã phân công", "Đang xử lý", "Hoàn thành"):
        assert said in text, text
    page = offices.at(WARD, CLERK, "/den/cho-tiep-nhan/")
    shows(page, ANSWERED)
    opened(page, ANSWERED)
    press(page, "Tiếp nhận, vào sổ")
