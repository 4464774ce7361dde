"""Two agencies on one real gateway: a quota is exact however many ask at once; an administrator sees one agency alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from lienthong.client import Desk, File, Metadata
from lienthong.errors import LienThongError, NotFound, QuotaReached, TokenInvalid
from running_country import Country
from vxp_software import Terminal, terminal

pytestmark = pytest.mark.acceptance
TENANT, NEIGHBOUR = "H29.53", "H29"
LETTER = [File("a.pdf", "application/pdf", b"%PDF-1.7\n% mau\n%%EOF\n")]
AT_ONCE, LEFT = 8, 3


@pytest.fixture
def host(country: Country) -> Iterator[Terminal]:
    assert country.gateway_of(TENANT) == country.gateway_of(NEIGHBOUR)
    operator = terminal(country, country.gateway_of(TENANT))
    yield operator
    operator.run("tenant", "bound", TENANT, "--reason", "hết thử")


def administrator(country: Country, host: Terminal, code: str) -> closing[Desk]:
    words = ("token", "issue", "--agency", code, "--name", "quản trị (mẫu)", "--scope", "admin")
    token = host.run(*words).splitlines()[-1]
    return closing(Desk(country.place.url(country.gateway_of(code)), token, country.place.root))


def sent(desk: Desk, subject: str) -> str:
    try:
        desk.send(Metadata("1", "CV-MẪU", subject, ("G22",)), LETTER, message_id=subject)
    except QuotaReached as refusal:
        return refusal.facts["left"]
    return "sent"


def test_a_quota_is_exact_and_ones_own(country: Country, host: Terminal) -> None:
    with administrator(country, host, TENANT) as admin:
        used = admin.administration().allowance.shares[0].used
        host.run(
            "tenant", "bound", TENANT, "--documents", str(used + LEFT), "--tokens", "99", "--reason", "hợp đồng mẫu"
        )
        desk, neighbour = country.desk(TENANT), country.desk(NEIGHBOUR)
        with ThreadPoolExecutor(AT_ONCE) as many:
            told = list(many.map(lambda n: sent(desk, f"han-muc-{used}-{n}"), range(AT_ONCE)))
        assert (told.count("sent"), told.count("0")) == (LEFT, AT_ONCE - LEFT)
        assert sent(neighbour, f"lang-gieng-{used}") == "sent"
        [share, _] = desk.me().allowance.shares
        assert (share.used, share.left) == (used + LEFT, 0)
        assert admin.administration_acts()[0].text.endswith(f"hợp đồng mẫu (documents {used + LEFT}, tokens 99)")


def test_an_administrator_sees_and_changes_one_agency_alone(country: Country, host: Terminal) -> None:
    url, root = country.place.url(country.gateway_of(TENANT)), country.place.root
    with administrator(country, host, TENANT) as admin, administrator(country, host, NEIGHBOUR) as other:
        made = admin.issue_token("phần mềm mẫu", ["read"], days=1)
        theirs = {each.id for each in other.access_tokens()}
        assert theirs.isdisjoint(each.id for each in admin.access_tokens())
        for act in (other.rotate_token, other.revoke_token):
            with pytest.raises(NotFound):
                act(made.row.id)
        with closing(Desk(url, made.token, root)) as software:
            assert software.me().code == TENANT
            with pytest.raises(LienThongError, match="scope admin"):
                software.administration()
            admin.revoke_token(made.row.id)
            with pytest.raises(TokenInvalid):
                software.me()
        assert not any(made.row.id in each.text for each in other.administration_acts())
