# Made from aio/checking.py by tools/blocking_client.py: change that one.
"""Having signatures checked by the gateway: a file that is brought, or its digest alone; reports the gateway signs."""

from urllib.parse import quote

from lienthong.client.answers import decoded
from lienthong.client.files import CheckedFile
from lienthong.client.line import Line

FILES = "/v1/signatures/files"


class Checks(Line):
    """Verdicts as of now. `policy` is `vn`, `strict`, or empty for the gateway's own."""

    def check_file(self, pdf: bytes, policy: str = "") -> CheckedFile:
        """Bring a file (at most 32 MiB) and have its signatures checked; the gateway keeps what it found, not the file.

        Raises PackageTooLarge, InvalidValue.
        """
        headers = {"Content-Type": "application/pdf"}
        answered = self._ask("POST", FILES, params={"policy": policy}, content=pdf, headers=headers)
        return decoded(CheckedFile, answered)

    def known_file(self, sha256: str, policy: str = "") -> CheckedFile:
        """What is known of a file by its digest (hex) alone. Raises NotFound."""
        return self._get(CheckedFile, f"{FILES}/{quote(sha256)}", policy=policy)

    def signature_report(self, sha256: str, form: str = "jws", policy: str = "") -> bytes:
        """The report on a file the gateway knows: `jws` signed by the gateway, `html` to print. Raises NotFound."""
        asked = {"form": form, "policy": policy}
        return self._ask("GET", f"{FILES}/{quote(sha256)}/report", params=asked)
