"""Rows of the certificate authority to values and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema_ca as t
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.registers import Case, Deed, Held, Record, StateChange
from lienthong.document.texts import folded

Values = dict[str, Any]
_MOST_WORDS = 16
HELD = [t.ca_certificate.c[name] for name in (
    "issuer", "serial", "der", "profile", "name", "organisation", "path", "uid", "key", "begins", "ends", "partition",
    "case_id", "state", "changed", "reason", "seq",
)]  # fmt: skip
"""The columns `held` reads, in its order."""
DEED = [t.ca_deed.c[name] for name in ("at", "who", "act", "case_id", "certificate", "order_id", "text", "index")]
CHANGE = [t.ca_change.c[name] for name in ("seq", "issuer", "serial", "at", "state", "reason")]
case = msgspec.json.Decoder(Case).decode


def held(row: Sequence[Any]) -> Held:
    """From the columns `HELD`."""
    issuer, serial, der, profile, name, organisation, path, uid, key, begins, ends, partition = row[:12]
    case_id, state, changed, reason, seq = row[12:]
    return Held(
        issuer,
        int(serial, 16),
        bytes(der),
        profile,
        name,
        organisation,
        path,
        uid,
        key,
        rows.moment(begins),
        rows.moment(ends),
        partition,
        case_id,
        CertificateState(state),
        _moment(changed),
        Reason(reason),
        seq,
    )


def held_values(fresh: Held, number: int) -> Values:
    """Columns of a certificate that gets this number."""
    return {
        "seq": number,
        "issuer": fresh.issuer,
        "serial": f"{fresh.serial:x}",
        "state": fresh.state.value,
        "profile": fresh.profile,
        "organisation": fresh.organisation,
        "path": fresh.path,
        "name": fresh.name,
        "uid": fresh.uid,
        "key": fresh.key,
        "begins": rows.ticks(fresh.begins),
        "ends": rows.ticks(fresh.ends),
        "partition": fresh.partition,
        "changed": _ticks(fresh.changed),
        "reason": fresh.reason.value,
        "case_id": fresh.case,
        "der": fresh.certificate,
    }


def name_values(fresh: Held, number: int) -> list[Values]:
    """A name from each of its words on, without accents: a search for any of its words is a range."""
    words = folded(fresh.name).split()[:_MOST_WORDS]
    found = dict.fromkeys(" ".join(words[place:]) for place in range(len(words)))
    return [{"words": each, "certificate": number} for each in found]


def case_values(of: Case) -> Values:
    """Columns of a case."""
    return {
        "id": of.id,
        "kind": of.kind.value,
        "state": of.state.value,
        "organisation": of.organisation,
        "path": of.path,
        "authority": of.authority,
        "batch": of.batch,
        "due": _ticks(of.due),
        "body": rows.to_json(of),
    }


def moved_values(of: Case) -> Values:
    """What changes of a case that moves on."""
    return {"to_id": of.id, "to_state": of.state.value, "to_due": _ticks(of.due), "to_body": rows.to_json(of)}


def changed_values(of: Case) -> Values:
    """What may change of a case."""
    return {f"to_{name}": value for name, value in case_values(of).items()}


def record_values(of: Record) -> Values:
    """Columns of a record; the body as JSON."""
    return {
        "kind": of.kind,
        "id": of.id,
        "owner": of.owner,
        "state": of.state,
        "due": _ticks(of.due),
        "body": rows.to_json(of.body),
    }


def deed_values(of: Deed, index: int) -> Values:
    """Columns of a line of the history that is this leaf of the log."""
    return {
        "at": rows.ticks(of.at),
        "who": of.who,
        "act": of.act,
        "case_id": of.case,
        "certificate": of.certificate,
        "order_id": of.order,
        "text": of.text,
        "index": index,
    }


def deed(row: Sequence[Any]) -> Deed:
    """From the columns `DEED`."""
    return Deed(rows.moment(row[0]), *row[1:])


def change(row: Sequence[Any]) -> StateChange:
    """From the columns `CHANGE`."""
    seq, issuer, serial, at, state, reason = row
    return StateChange(seq, issuer, int(serial, 16), rows.moment(at), CertificateState(state), Reason(reason))


def _ticks(value: datetime | None) -> int | None:
    return None if value is None else rows.ticks(value)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else rows.moment(value)
