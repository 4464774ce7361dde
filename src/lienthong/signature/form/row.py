"""One row of the table of checks."""

from dataclasses import dataclass

from lienthong.signature.form.model import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """`number` groups checks as the published table does; `rule` names the paragraph; sentences have {places}."""

    code: str
    number: int
    severity: Severity
    rule: str
    vi: str
    en: str
