"""Labels by hand: on one document and on many, by whom may see it, told in words, found again with their count."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from apps.office import jobs
from apps.office.labels import acts
from apps.office.models import Document, Job, Label, Lane, View
from apps.office.story import sentence
from apps.staff.models import Duty
from lienthong.errors import InvalidValue
from unit.apps.office_made import Agency, entered, founded
from unit.apps.test_outgoing import City

MANY = 27


@pytest.fixture
def city() -> Iterator[Agency]:
    cache.clear()
    with founded(Agency) as made:
        yield made


def labels(document: Document) -> list[str]:
    return list(document.labels.values_list("text", flat=True))


def papers(city: Agency, many: int) -> list[Document]:
    return [city.arrived(number=str(n), document_id=str(n)) for n in range(many)]


def test_a_label_is_put_taken_off_found_and_told(city: Agency) -> None:
    document, clerk = city.arrived(), city.client(Duty.CLERK)
    page = f"/van-ban/{document.pk}/nhan/?tim=bao"
    answer = clerk.post(page, {"act": "label", "label": "  Đất   đai "})
    assert answer["Location"] == f"/van-ban/{document.pk}/?tim=bao"
    assert labels(document) == ["Đất đai"]
    text = clerk.get(answer["Location"]).content.decode()
    assert "Gắn nhãn “Đất đai”." in text
    assert 'name="label" value="Đất đai"' in text
    assert clerk.get("/tim/", {"q": 'nhan:"dat dai"'}).context["found"].documents == [document]
    clerk.post(page, {"act": "unlabel", "label": "đất đai"})
    assert labels(document) == []
    assert clerk.get("/tim/", {"q": "nhan:dat"}).context["found"].documents == []
    told = [sentence(event) for event in document.events.filter(what__endswith="labelled")]
    assert told == ["Người Mẫu clerk gắn nhãn “Đất đai”.", "Người Mẫu clerk bỏ nhãn “Đất đai”."]


def test_a_word_is_written_as_the_agency_wrote_it_and_put_once(city: Agency) -> None:
    first, second = papers(city, 2)
    deed = city.deed(Duty.CLERK)
    assert acts.put(deed, first, "Thuế đất") == "Thuế đất"
    assert acts.put(deed, first, "THUẾ ĐẤT") == "Thuế đất"
    assert acts.put(deed, second, "thuế ĐẤT") == "Thuế đất"
    assert acts.put(deed, second, "Thuê đất") == "Thuê đất"  # other words with the same letters
    assert (labels(first), labels(second)) == (["Thuế đất"], ["Thuê đất", "Thuế đất"])
    assert first.events.filter(what="labelled").count() == 1


@pytest.mark.parametrize("wrong", ["", "   ", "a" * 41, 'a"b', "a\u202eb"])
def test_what_is_no_label_is_refused_in_words(city: Agency, wrong: str) -> None:
    document, clerk = city.arrived(), city.client(Duty.CLERK)
    answer = clerk.post(f"/van-ban/{document.pk}/nhan/", {"act": "label", "label": wrong}, follow=True)
    assert "Nhãn có từ 1 đến 40 chữ" in answer.content.decode()
    assert labels(document) == []


def test_no_more_labels_than_can_be_read(city: Agency) -> None:
    document, deed = city.arrived(), city.deed(Duty.CLERK)
    for n in range(acts.MOST):
        acts.put(deed, document, f"Nhãn {n}")
    with pytest.raises(InvalidValue, match="20 nhãn"):
        acts.put(deed, document, "Một nữa")


def test_only_who_works_there_and_sees_it(city: Agency, other_clerk: Client) -> None:
    document = city.arrived()
    page = f"/van-ban/{document.pk}/nhan/"
    asked = {"act": "label", "label": "Lạ"}
    assert other_clerk.post(page, asked).status_code == 404
    assert city.client(Duty.OFFICER).post(page, asked).status_code == 404
    assert city.client(Duty.INSPECTOR).post(page, asked).status_code == 403
    assert city.client(Duty.CLERK).post(page, {"act": "drop", "label": "Lạ"}).status_code == 404
    assert labels(document) == []
    assert "Gắn nhãn" not in city.client(Duty.INSPECTOR).get(f"/van-ban/{document.pk}/").content.decode()


def test_labels_of_what_one_may_not_see_are_not_offered(city: Agency) -> None:
    acts.put(city.deed(Duty.CLERK), city.arrived(), "Kỷ luật (mẫu)")
    assert acts.offered(city.deed(Duty.OFFICER, city.room).standing) == []
    assert acts.offered(city.deed(Duty.LEADER).standing) == ["Kỷ luật (mẫu)"]
    assert "Kỷ luật (mẫu)" in city.client(Duty.CLERK).get("/tim/").content.decode()


def test_a_few_are_labelled_at_once_after_asking_which(city: Agency) -> None:
    found, clerk = papers(city, 3), city.client(Duty.CLERK)
    foreign = Agency("G22").arrived()
    chosen = {"box": "tat-ca", "document": [str(one.pk) for one in (*found[:2], foreign)] + ["khong-phai"]}
    page = clerk.post("/tim/nhan/", chosen).content.decode()
    assert str(found[0].pk) in page
    assert clerk.post("/tim/nhan/", chosen | {"act": "label", "label": ""}).status_code == 422
    answer = clerk.post("/tim/nhan/", chosen | {"act": "label", "label": "Gấp"}, follow=True)
    assert answer.redirect_chain == [("/den/tat-ca/", 302)]
    text = answer.content.decode()
    assert "Gắn nhãn “Gấp”: 2 văn bản." in text
    assert "Không có trong sổ của cơ quan." in text
    assert [labels(one) for one in (*found, foreign)] == [["Gấp"], ["Gấp"], [], []]


def test_all_of_a_search_go_to_the_worker_and_the_view_counts_what_the_list_has(city: Agency) -> None:
    papers(city, MANY)
    clerk = city.client(Duty.CLERK)
    asked = {"q": "co-quan:noi-vu", "all": "1", "act": "label", "label": "Nội vụ (mẫu)"}
    answer = clerk.post("/tim/nhan/", asked)
    job = Job.objects.get()
    assert answer["Location"] == f"/den/viec/{job.pk}/"
    assert f"Gắn nhãn “Nội vụ (mẫu)”: {MANY} văn bản" in clerk.get(answer["Location"]).content.decode()
    jobs.go_round()
    assert Label.objects.filter(text="Nội vụ (mẫu)").count() == MANY
    query = 'nhan:"Nội vụ (mẫu)"'
    View.objects.create(agency=city.code, owner=city.person(Duty.CLERK), label="Của nội vụ", query=query)
    cache.clear()
    page = clerk.get("/tim/", {"q": query})
    [line] = [one for part in page.context["rail"].sections for one in part.lines if one.label == "Của nội vụ"]
    rest = clerk.get("/tim/?" + page.context["next"]).context["found"].documents
    assert "Bỏ lưu “Của nội vụ”" in page.content.decode()
    assert line.count == str(MANY) == str(len(page.context["found"].documents) + len(rest))


def test_a_job_is_stopped_by_who_ordered_it_and_nothing_more_is_touched(
    city: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers(city, MANY)
    clerk = city.client(Duty.CLERK)
    page = clerk.post("/tim/nhan/", {"q": "so:*", "box": "tat-ca", "all": "1", "act": "label", "label": "X"})[
        "Location"
    ]
    monkeypatch.setattr(jobs, "SPELL", 0.0)
    jobs.go_round()
    assert Label.objects.count() == 1
    assert city.client(Duty.LEADER).post(page).status_code == 404
    clerk.post(page)
    jobs.go_round()
    assert Label.objects.count() == 1
    assert f"{MANY - 1} văn bản để nguyên vì đã dừng." in clerk.get(page).content.decode()


def test_what_goes_out_is_labelled_in_its_boxes_too(city: Agency) -> None:
    with founded(City) as town:
        first, second = town.submitted(), town.submitted()
        head = entered(town.head.person)
        box = "/di/viec/cho-toi-duyet/"
        text = head.get(box).content.decode()
        assert all(f'name="document" value="{one.pk}"' in text for one in (first, second))
        told = {"box": "cho-toi-duyet", "act": "label", "label": "Gấp"}
        assert head.post("/tim/nhan/", told | {"document": [str(first.pk)]})["Location"] == box
        assert (labels(first), labels(second)) == (["Gấp"], [])
        stranger = entered(town.person(Duty.UNIT_HEAD, town.other_room))
        stranger.post("/tim/nhan/", told | {"document": [str(second.pk)]})
        assert labels(second) == []
        head.post("/tim/nhan/", told | {"all": "1"})
        assert labels(second) == ["Gấp"]


def test_what_goes_out_is_labelled_on_its_own_page(city: Agency) -> None:
    document = city.arrived()
    Document.objects.filter(pk=document.pk).update(lane=Lane.OUTGOING)
    answer = city.client(Duty.CLERK).post(f"/van-ban/{document.pk}/nhan/", {"act": "label", "label": "Đi"})
    assert answer["Location"] == f"/di/van-ban/{document.pk}/"
