"""From a form to a case: everything that can be refused is refused here, before anything is written. Pure over a view.

The same function answers the preview of a list, so that what is shown is what will happen.
"""

from datetime import datetime

import msgspec

from lienthong.ca import claims, tokens
from lienthong.ca.delegation.matrix import Matter, level_of, require
from lienthong.ca.delegation.model import CENTRE, Asker, Duty, RegistrationAuthority
from lienthong.ca.hierarchy.purposes import USES
from lienthong.ca.house import House
from lienthong.ca.keys import key_of, require_fresh
from lienthong.ca.life.forms import (
    ChangeForm,
    DeviceForm,
    Form,
    NewForm,
    OrganisationForm,
    PersonForm,
    RenewalForm,
    ResumptionForm,
    RevocationForm,
    SuspensionForm,
)
from lienthong.ca.life.kinds import CaseKind, CertificateState, Reason
from lienthong.ca.life.machines import require_own
from lienthong.ca.life.states import CaseState, due
from lienthong.ca.life.subjects import chain_of, path_of, profile_of, request_of, require_open
from lienthong.ca.registers import Case, Held, View
from lienthong.ca.rules.agility import family_of
from lienthong.ca.rules.keys import CertificateRequest, read_request, require_sound
from lienthong.errors import AlgorithmNotAllowed, IllegalMove, InvalidValue, NotFound

_NEW = (PersonForm, OrganisationForm, DeviceForm)
_ABOUT = (RenewalForm, ChangeForm, SuspensionForm, ResumptionForm, RevocationForm)
_MOST_TEXT = 2000


def prepared(house: House, view: View, asker: Asker, form: Form, id: str, now: datetime, batch: str = "") -> Case:
    """The case a form makes. Raises whatever refuses it: nothing was written."""
    _require_short(form)
    chain = chain_of(house.directory(), form.organisation)
    about = _about(view, form)
    case = Case(
        id=id,
        kind=type(form).kind,
        form=form,
        path=path_of(chain),
        authority=asker.authority.id,
        state=CaseState.RECEIVED,
        opened=now,
        since=now,
        due=due(CaseState.RECEIVED, now, house.holidays),
        requester=asker.officer.id,
        about=about.id if about else "",
        batch=batch,
        old_path=about.path if about and isinstance(form, ChangeForm) else "",
    )
    if not asker.authority.covers(case.old_path):
        case = msgspec.structs.replace(case, leaves=case.old_path)
    case = _with_words(view, case, about)
    require(asker.officer, asker.authority, Duty.REQUEST, matter_of(case, asker.authority))
    require_timely(case, about, now)
    _require_whereabouts(case, about, require_possible(house, view, case, now))
    tokens.require_usable(view, case, asker.authority, now)
    return case


def matter_of(case: Case, authority: RegistrationAuthority) -> Matter:
    """What a case is, as far as rights go."""
    paths = (case.path, case.old_path) if case.old_path and not case.leaves else (case.path,)
    who = (case.requester, case.examiner)
    return Matter(case.kind, paths, case.profile, level_of(case.kind, authority), *who, case.leaves, case.agreed)


def require_timely(case: Case, about: Held | None, now: datetime) -> None:
    """IllegalMove unless the certificate is in the state this kind of case begins with."""
    if about is None:
        return
    wanted = _BEGINS.get(case.kind, frozenset(CertificateState))
    if about.state not in wanted:
        raise IllegalMove(f"{about.id}: {about.state.value}")
    if case.kind in {CaseKind.RENEWAL, CaseKind.CHANGE} and about.ends <= now:
        raise IllegalMove(f"{about.id}: hết hạn / expired {about.ends.date()}")
    if case.kind is CaseKind.REVOCATION and getattr(case.form, "reason", None) is Reason.HOLD:
        raise InvalidValue("reason: certificateHold")


_BEGINS = {
    CaseKind.RENEWAL: frozenset({CertificateState.ACTIVE}),
    CaseKind.CHANGE: frozenset({CertificateState.ACTIVE}),
    CaseKind.SUSPENSION: frozenset({CertificateState.ACTIVE}),
    CaseKind.RESUMPTION: frozenset({CertificateState.SUSPENDED}),
    CaseKind.REVOCATION: frozenset({CertificateState.ACTIVE, CertificateState.SUSPENDED}),
}


def require_possible(house: House, view: View, case: Case, now: datetime) -> CertificateRequest | None:
    """What a certificate needs: an open organisation, names that deceive nobody, a sound key nobody else has.

    The request with the key, or None where the key stays, is still to come, or there is no certificate to make.
    """
    if case.says is None:
        return None
    directory = house.directory()
    chain = chain_of(directory, case.organisation)
    require_open(chain[-1], now)
    request = request_of(case.says, chain)
    require_own(directory, request, chain, now, central=case.authority == CENTRE)
    claims.require_unclaimed(view, directory, case, now)
    request.subject.to_name()
    text = getattr(case.form, "csr", "")
    if not text:
        _require_kept(view, case, now)
        return None
    found = read_request(text, USES[request.profile.name], now)
    if family_of(found.key)[0] not in request.profile.families:
        raise AlgorithmNotAllowed(f"{request.profile.name}: {', '.join(sorted(request.profile.families))}")
    require_fresh(view, found.id, case)
    return found


def _require_kept(view: View, case: Case, now: datetime) -> None:
    """AlgorithmNotAllowed where the key stays, and the table of algorithms allows it no more."""
    held = view.certificate(case.about) if case.about else None
    if held is not None:
        require_sound(key_of(held), USES[held.profile], now)


def _about(view: View, form: Form) -> Held | None:
    """The certificate a form is about. NotFound."""
    named = getattr(form, "certificate", "")
    if not named:
        if isinstance(form, _ABOUT):
            raise InvalidValue("certificate")
        return None
    found = view.certificate(named)
    if found is None:
        raise NotFound(f"chứng thư / certificate {named[:80]}")
    if not isinstance(form, ChangeForm) and found.organisation != form.organisation:
        raise InvalidValue(f"{named[:80]}: {found.organisation}")
    return found


def _with_words(view: View, case: Case, about: Held | None) -> Case:
    """What the new certificate is to say, where there is to be one."""
    form = case.form
    if isinstance(form, _NEW):
        return msgspec.structs.replace(case, says=form, profile=profile_of(form))
    if about is not None and isinstance(form, RenewalForm | ChangeForm):
        before = view.case(about.case)
        if before is None or before.says is None:
            raise NotFound(f"hồ sơ gốc / the case of {about.id}")
        return msgspec.structs.replace(case, says=_changed(before.says, form), profile=about.profile)
    return msgspec.structs.replace(case, profile=about.profile if about else "")


def _changed(says: NewForm, form: RenewalForm | ChangeForm) -> NewForm:
    told = {"organisation": form.organisation, "csr": ""}
    if isinstance(form, ChangeForm):
        wanted = ("full_name", "post", "email")
        told |= {name: value for name in wanted if (value := getattr(form, name)) and name in says.__struct_fields__}
    if isinstance(says, PersonForm | OrganisationForm):
        told["token"] = "" if form.off_token else form.token or says.token
    made: NewForm = msgspec.structs.replace(says, **told)
    return made


def _require_whereabouts(case: Case, about: Held | None, found: CertificateRequest | None) -> None:
    """InvalidValue for a device where none can be, or where the key stays: no key leaves the device it was made in."""
    form = case.form
    if not isinstance(form, RenewalForm | ChangeForm) or not (form.token or form.off_token):
        return
    if (form.token and form.off_token) or not hasattr(case.says, "token"):
        raise InvalidValue("token, off_token")
    if about is None or found is None or found.id == about.key:
        raise InvalidValue("token: khóa ở lại thì thiết bị cũng vậy / the key stays, and so does its device")


def _require_short(form: Form) -> None:
    for name in form.__struct_fields__:
        value = getattr(form, name)
        if isinstance(value, str) and name != "csr" and len(value) > _MOST_TEXT:
            raise InvalidValue(f"{name}: {len(value)}")
