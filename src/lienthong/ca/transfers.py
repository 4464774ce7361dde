"""Transfers between registration authorities: the one a person comes to asks, the one they leave agrees, or the centre.

What waits for an agreement is found by the path of the organisation that is left.
"""

from collections.abc import Sequence

import msgspec

from lienthong.ca.registers import Case, Change, Record, RecordsWanted, View

KIND, OPEN = "transfer", "open"
_id = msgspec.json.Decoder(str).decode


def keep(tx: Change, case: Case) -> None:
    """Write down whether a case waits for an agreement."""
    if case.awaits:
        tx.put_record(Record(KIND, case.id, case.id, owner=case.awaits, state=OPEN, due=case.opened))
    elif case.old_path:
        tx.drop_record(KIND, case.id)


def awaiting(view: View, scope: Sequence[str], offset: int = 0, limit: int = 50) -> Sequence[Case]:
    """Cases that wait for who may agree in a scope, the oldest first."""
    wanted = RecordsWanted(KIND, within=scope, state=OPEN, offset=offset, limit=limit)
    return view.cases_of(list(map(_id, view.records(wanted))))
