"""The forms of Decree 68/2024 as typed values: one class a form, told apart by `kind`. Nothing is defaulted silently.

Names of organisations never come from a form: they are the registry's.
"""

from typing import ClassVar

import msgspec

from lienthong.ca.life.kinds import CaseKind, Reason


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", omit_defaults=True):
    """`organisation` is the code of whom the certificate is for; `letter` the SHA-256 of the signed letter."""

    organisation: str
    letter: str = ""

    kind: ClassVar[CaseKind]


class PersonForm(_Form, frozen=True, tag="person"):
    """Form 01. `csr` is a PEM or base64 PKCS#10 of the person's own key; `token` the serial number of its device."""

    full_name: str = ""
    locality: str = ""
    post: str = ""
    email: str = ""
    phone: str = ""
    citizen_id: str = ""
    csr: str = ""
    token: str = ""

    kind: ClassVar = CaseKind.PERSON


class OrganisationForm(_Form, frozen=True, tag="organisation"):
    """Form 02. `tax_code` is the MST, `budget_code` the MNS; the receiver answers for the token."""

    locality: str = ""
    tax_code: str = ""
    budget_code: str = ""
    email: str = ""
    address: str = ""
    receiver: str = ""
    receiver_citizen_id: str = ""
    receiver_phone: str = ""
    csr: str = ""
    token: str = ""

    kind: ClassVar = CaseKind.ORGANISATION


class DeviceForm(_Form, frozen=True, tag="device"):
    """Form 03. `profile` is one for machines; `holder` such as `gateway:bnv`; `hosts` are its DNS names, addresses.

    `acme`: the machine asks for its certificates by itself from then on, by ACME, for these hosts; then without `csr`.
    """

    profile: str = ""
    name: str = ""
    holder: str = ""
    hosts: tuple[str, ...] = ()
    csr: str = ""
    acme: bool = False

    kind: ClassVar = CaseKind.DEVICE


class RenewalForm(_Form, frozen=True, tag="renewal"):
    """Form 04. `certificate` is `issuer/serial`; without `csr` the key stays.

    A new key is on the device the old one was on, unless `token` names another or `off_token` says that it is on none.
    """

    certificate: str = ""
    csr: str = ""
    token: str = ""
    off_token: bool = False

    kind: ClassVar = CaseKind.RENEWAL


class ChangeForm(_Form, frozen=True, tag="change"):
    """Form 04. What is given takes the place of what stood there; the key stays unless `csr` brings another.

    `organisation` is the new one where a person moved; `token` and `off_token` are those of a renewal.
    """

    certificate: str = ""
    full_name: str = ""
    post: str = ""
    email: str = ""
    csr: str = ""
    token: str = ""
    off_token: bool = False

    kind: ClassVar = CaseKind.CHANGE


class SuspensionForm(_Form, frozen=True, tag="suspension"):
    """Nothing is signed with it until it is resumed."""

    certificate: str = ""
    why: str = ""

    kind: ClassVar = CaseKind.SUSPENSION


class ResumptionForm(_Form, frozen=True, tag="resumption"):
    """Takes a suspension back."""

    certificate: str = ""
    why: str = ""

    kind: ClassVar = CaseKind.RESUMPTION


class RevocationForm(_Form, frozen=True, tag="revocation"):
    """Form 05. A person who leaves gives the token back as well."""

    certificate: str = ""
    reason: Reason = Reason.UNSPECIFIED
    why: str = ""

    kind: ClassVar = CaseKind.REVOCATION


class _TokenForm(_Form, frozen=True):
    """About a device by its serial number."""

    token: str = ""
    certificate: str = ""
    person: str = ""
    why: str = ""


class RecoveryForm(_TokenForm, frozen=True, tag="recovery"):
    """Form 06: a token locked after wrong PINs."""

    kind: ClassVar = CaseKind.RECOVERY


class HandoverForm(_TokenForm, frozen=True, tag="hand-over"):
    """Form 07: who took the token."""

    kind: ClassVar = CaseKind.HANDOVER


class ReturnForm(_TokenForm, frozen=True, tag="return"):
    """Form 08: a token comes back."""

    kind: ClassVar = CaseKind.RETURN


class LossForm(_TokenForm, frozen=True, tag="loss"):
    """Form 09: a token is gone; its certificate stops at once."""

    kind: ClassVar = CaseKind.LOSS


NewForm = PersonForm | OrganisationForm | DeviceForm
"""Forms that say what a certificate is to say."""
Form = (
    PersonForm
    | OrganisationForm
    | DeviceForm
    | RenewalForm
    | ChangeForm
    | SuspensionForm
    | ResumptionForm
    | RevocationForm
    | RecoveryForm
    | HandoverForm
    | ReturnForm
    | LossForm
)
"""Every form."""
ABOUT_ONE = RenewalForm | ChangeForm | SuspensionForm | ResumptionForm | RevocationForm
"""Forms about a certificate that is there."""
