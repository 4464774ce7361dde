"""Saved views: label, query and count are one; one's own, or the agency's by the head of the office."""

from django.core.cache import cache
from django.test import Client

from apps.office.finding.saved import MOST
from apps.office.models import View
from apps.staff.models import Duty
from unit.apps.office_made import Agency, entered


def rail(client: Client) -> str:
    cache.clear()
    return client.get("/tim/").content.decode()


def test_a_search_is_kept_with_its_count(city: Agency) -> None:
    clerk, other = entered(city.person(Duty.CLERK)), entered(city.person(Duty.CLERK, nth=1))
    city.arrived(number="771", urgency=3)
    answer = clerk.post("/tim/luu/", {"q": "so:771 khan:hoa-toc", "label": "Hỏa tốc <mẫu>"})
    assert answer["Location"] == "/tim/?q=so%3A771+khan%3Ahoa-toc"
    assert 'Hỏa tốc &lt;mẫu&gt;</span><span class="count">1<' in rail(clerk)
    assert "Hỏa tốc &lt;mẫu" not in rail(other)
    clerk.post("/tim/luu/", {"q": "so:771 khan:hoa-toc", "label": "Tên khác"})
    assert [each.label for each in View.objects.all()] == ["Tên khác"]
    view = View.objects.get()
    assert other.post(f"/tim/bo/{view.pk}/").status_code == 404
    assert clerk.post(f"/tim/bo/{view.pk}/").status_code == 302
    assert not View.objects.exists()


def test_the_head_of_the_office_pins_for_the_agency_and_nobody_else_does(city: Agency) -> None:
    head, officer = entered(city.person(Duty.OFFICE_HEAD)), entered(city.person(Duty.OFFICER, city.room))
    told = {"q": "so:772", "label": "Ghim mẫu", "everybody": "1"}
    assert officer.post("/tim/luu/", told).status_code == 403
    city.arrived(number="772")
    head.post("/tim/luu/", told)
    assert 'Ghim mẫu</span><span class="count">1<' in rail(head)
    assert "Ghim mẫu</span></a>" in rail(officer)  # what the officer may not see is not counted either
    assert "Ghim mẫu" not in rail(entered(Agency("G22").person(Duty.OFFICE_HEAD)))
    assert officer.post(f"/tim/bo/{View.objects.get().pk}/").status_code == 403
    head.post(f"/tim/bo/{View.objects.get().pk}/")
    assert "Ghim mẫu" not in rail(officer)


def test_what_cannot_be_kept_is_told(city: Agency) -> None:
    clerk = entered(city.person(Duty.CLERK))
    for wrong in ({"q": "tu:32/13", "label": "x"}, {"q": "bao", "label": " "}, {"q": "", "label": "x"},
                  {"q": "bao", "label": "a\x07b"}):  # fmt: skip
        assert "chưa lưu gì" in clerk.post("/tim/luu/", wrong, follow=True).content.decode()
    for n in range(MOST + 1):
        answer = clerk.post("/tim/luu/", {"q": f"so:{n + 1}", "label": str(n)}, follow=True)
    assert "xin bỏ bớt trước" in answer.content.decode()
    assert View.objects.count() == MOST
