"""Is each signature sound, strong and by a certificate in force? (numbers 17–23, 31)"""

from collections.abc import Iterator

from lienthong.signature.form.case import Case, Signed, found
from lienthong.signature.form.model import Finding
from lienthong.signature.form.tolerances import RSA_BITS

_CHAINS = {
    "expired": "certificate-expired",
    "not-yet-valid": "certificate-early",
    "revoked": "certificate-revoked",
    "unknown": "chain-unknown",
}
_WEAK = ("sha1", "md5", "md2")


def trusting(case: Case) -> Iterator[Finding]:
    """What mathematics and the chain say."""
    last = case.signed[-1] if case.signed else None
    for each in case.signed:
        yield from _sound(each, last=each is last and not case.facts.odd)
        yield from _chain(each)
        yield from _strong(each)
        yield from _format(each)
    if case.signed and not case.facts.crls and not case.facts.ocsps:
        yield found("no-revocation-data")


def _sound(each: Signed, *, last: bool) -> Iterator[Finding]:
    """One finding a signature: broken says more than changed, changed more than not covered.

    Loose bytes behind the end are an irregularity of the file, told there.
    """
    fact, words = each.fact, {"who": each.who}
    if fact.intact is False:
        yield found("broken", each.box, each.field, **words)
    elif fact.intact and (fact.modification == "other" or not fact.permitted):
        yield found("changed-after", each.box, each.field, **words)
    elif fact.intact and last and fact.coverage == "revision" and fact.modification != "long-term":
        yield found("covers-earlier", each.box, each.field, **words)


def _chain(each: Signed) -> Iterator[Finding]:
    """Of a broken signature the chain says nothing."""
    code = _CHAINS.get(each.told.chain) if each.told and each.fact.intact else None
    if code is not None:
        yield found(code, each.box, each.field, who=each.who)


def _strong(each: Signed) -> Iterator[Finding]:
    what = _weakness(each)
    if what:
        yield found("weak-algorithm", each.box, each.field, who=each.who, what=what)


def _weakness(each: Signed) -> str:
    if each.fact.digest in _WEAK:
        return each.fact.digest.upper()
    key = each.certificate.public_key if each.certificate else None
    if key is not None and key.algorithm == "rsa" and key.bit_size < RSA_BITS:
        return f"RSA {key.bit_size}"
    return each.fact.digest.upper() if each.told and each.told.chain == "weak" else ""


def _format(each: Signed) -> Iterator[Finding]:
    pades = each.fact.profile == "ETSI.CAdES.detached" and each.fact.binds_certificate
    if each.fact.profile and not pades:
        yield found("not-pades", each.box, each.field, who=each.who)
