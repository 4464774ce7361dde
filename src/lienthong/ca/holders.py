"""A person behind certificates: which of them are one person's, whatever was renewed, changed or moved meanwhile.

A name alone proves nothing: two of one organisation may share it.
"""

from collections.abc import Iterator

from lienthong.ca.life.forms import PersonForm
from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.registers import Held, View, Wanted

_MOST_NAMESAKES = 200
_FOLLOWING = frozenset({CaseKind.RENEWAL, CaseKind.CHANGE})


def certificates_of_holder(view: View, certificate: str) -> list[Held]:
    """All certificates of the person whom one of them names, the oldest first, whatever their state.

    They share a key, follow one another, or name the same person of the same organisation by citizen id or e-mail.
    """
    waiting, found = [certificate], dict[str, Held]()
    while waiting:
        held = view.certificate(waiting.pop())
        if held is not None and held.id not in found:
            found[held.id] = held
            waiting += [each.id for each in view.of_key(held.key)]
            waiting += [*_followers(view, held), *_namesakes(view, held)]
    return sorted(found.values(), key=lambda each: each.number)


def _followers(view: View, held: Held) -> Iterator[str]:
    """What renewals and changes of it became."""
    asked = [each.case for each in view.deeds(certificate=held.id) if each.act == "open"]
    followed = (each for each in view.cases_of(asked) if each.kind in _FOLLOWING)
    return (each.about for each in followed if each.about != held.id)


def _namesakes(view: View, held: Held) -> Iterator[str]:
    """Others of the organisation with that name who say that they are the same person."""
    told = _said(view, held)
    wanted = Wanted(text=held.name, organisation=held.organisation, profile=held.profile, limit=_MOST_NAMESAKES)
    others = (each for each in view.certificates(wanted) if each.name == held.name)
    return (each.id for each in others if _same(told, _said(view, each)))


def _said(view: View, held: Held) -> PersonForm | None:
    case = view.case(held.case)
    return case.says if case is not None and isinstance(case.says, PersonForm) else None


def _same(one: PersonForm | None, other: PersonForm | None) -> bool:
    if one is None or other is None:
        return False
    if one.citizen_id and other.citizen_id:
        return one.citizen_id == other.citizen_id
    return bool(one.email) and one.email == other.email
