"""Why a thing lies in `failed/`, as a text that a clerk can read and act on."""

from datetime import datetime

from lienthong.cli.printing import local, plain
from lienthong.errors import LienThongError

_TEXT = """\
KHÔNG GỬI ĐƯỢC · NOT SENT

Tệp · file:     {name}
Lúc · at:       {at}
Lý do:          {vi}
Reason:         {en}
Mã · code:      {code}

Việc cần làm: sửa theo lý do trên rồi đặt lại vào thư mục outgoing, tên cũ hay mới đều được.
Chưa có gì được gửi đi; tệp gốc nằm cạnh tệp này, không thay đổi.
What to do: mend it and put it into outgoing again, under any name. Nothing was sent; the original lies beside this
file, unchanged.
"""


def reason(name: str, error: LienThongError, at: datetime) -> str:
    """The text."""
    shown = plain(name.encode("utf-8", "replace").decode())
    vi, en = plain(error.sentence("vi")), plain(error.sentence("en"))
    return _TEXT.format(name=shown, at=local(at), vi=vi, en=en, code=error.code)
