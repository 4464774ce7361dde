"""The table of business statuses (vn-rules §1.7), and the merging of reports heard in any order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from lienthong.delivery import ANSWERS, STATUS_MOVES, StatusReport
from lienthong.delivery.status import as_done, merge, report
from lienthong.document import StatusCode
from lienthong.errors import IllegalMove

C = StatusCode
LEGAL = {
    (None, C.ARRIVED),
    (None, C.REFUSED),
    (None, C.REGISTERED),
    (C.ARRIVED, C.REFUSED),
    (C.ARRIVED, C.REGISTERED),
    (C.REGISTERED, C.ASSIGNED),
    (C.REGISTERED, C.PROCESSING),
    (C.REGISTERED, C.FINISHED),
    (C.ASSIGNED, C.ASSIGNED),
    (C.ASSIGNED, C.PROCESSING),
    (C.ASSIGNED, C.FINISHED),
    (C.PROCESSING, C.ASSIGNED),
    (C.PROCESSING, C.PROCESSING),
    (C.PROCESSING, C.FINISHED),
}
STATES: list[StatusCode | None] = [None, *(code for code in C if code not in ANSWERS)]
REPORTS = [code for code in C if code not in ANSWERS]


@pytest.mark.parametrize("current", STATES)
@pytest.mark.parametrize("new", REPORTS)
def test_each_move(current: StatusCode | None, new: StatusCode) -> None:
    if (current, new) in LEGAL:
        assert report(current, new, asked=False, reason="lý do") is new
        assert new in STATUS_MOVES[current]
    else:
        with pytest.raises(IllegalMove, match=f"→ {new.value}"):
            report(current, new, asked=True, reason="lý do")


@pytest.mark.parametrize("answer", sorted(ANSWERS))
@pytest.mark.parametrize("current", STATES)
def test_an_answer_needs_a_question_and_leaves_the_progress(current: StatusCode | None, answer: StatusCode) -> None:
    assert report(current, answer, asked=True, reason="lý do") is current
    with pytest.raises(IllegalMove, match="nothing was asked"):
        report(current, answer, asked=False, reason="lý do")


@pytest.mark.parametrize("code", [C.REFUSED, C.RECALL_DECLINED])
def test_a_refusal_needs_a_reason(code: StatusCode) -> None:
    with pytest.raises(IllegalMove, match="reason"):
        report(None, code, asked=True, reason=" ")


@pytest.mark.parametrize(
    ("heard", "stands"),
    [
        ([], None),
        ([C.ARRIVED], C.ARRIVED),
        ([C.ARRIVED, C.REFUSED], C.REFUSED),
        ([C.ARRIVED, C.REGISTERED, C.FINISHED], C.FINISHED),
        ([C.REGISTERED, C.PROCESSING, C.ASSIGNED], C.PROCESSING),
        ([C.REGISTERED, C.REFUSED], C.REGISTERED),
        ([C.RECALL_AGREED, C.REGISTERED], C.REGISTERED),
        ([C.RECALL_AGREED], None),
    ],
)
def test_reports_in_any_order_and_repeated_say_the_same(heard: list[StatusCode], stands: StatusCode | None) -> None:
    for order in permutations(heard):
        assert merge(order) is stands
        assert merge([*order, *order]) is stands


def test_reports_are_told_as_they_were_done_not_as_they_came() -> None:
    at = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    done = [("03", 0), ("05", 60), ("06", 60), ("05", 120)]
    reports = [StatusReport("", "", "H29", "H29", code, at + timedelta(seconds=late)) for code, late in done]
    for came in permutations(reports):
        assert list(as_done(came)) == reports
