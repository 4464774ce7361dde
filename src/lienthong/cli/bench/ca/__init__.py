"""`lienthong bench ca …`: what certificates, their states and a revocation's way cost. Loaded when it is asked for."""

from typing import Annotated

import typer

from lienthong.cli.bench.command import Check, Into, Runs
from lienthong.cli.bench.frame import LEAST_RUNS

app = typer.Typer(help="Đo dịch vụ chứng thư. / Measure the certificate authority.", no_args_is_help=True)
Size = Annotated[int, typer.Option(min=1000, help="Số chứng thư / certificates")]


@app.command()
def issue(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Cấp từ hồ sơ đã duyệt, cạnh vòng lặp trần. / Issue approved cases, beside the bare build-and-sign loop."""
    from lienthong.cli.bench.ca.issuing import compare  # `--help` must not load what measures
    from lienthong.cli.bench.show import measured  # as above

    measured("ca issue", runs, lambda advance: compare(runs, advance), into, check=check)


@app.command()
def scale(size: Size = 300_000, runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Tìm và cấp khi kho có 3.000 và nhiều hơn. / Search and issue with 3,000 certificates in the store, and many."""
    from lienthong.cli.bench.ca.scaling import compare  # as above
    from lienthong.cli.bench.show import measured  # as above

    measured("ca scale", runs + 2, lambda advance: compare(size, runs, advance), into, check=check)


@app.command()
def answers(size: Size = 300_000, runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Ký sẵn câu trả lời, rồi trả qua HTTP. / Sign answers beforehand, then give them over HTTP."""
    from lienthong.cli.bench.ca.answering import compare  # as above
    from lienthong.cli.bench.show import measured  # as above

    measured("ca answers", runs + 2, lambda advance: compare(size, runs, advance), into, check=check)


@app.command()
def reach(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Từ thu hồi đến chỉ mục của máy chủ bảo mật. / From a revocation to a gateway's index."""
    from lienthong.cli.bench.ca.reaching import compare  # as above
    from lienthong.cli.bench.show import measured  # as above

    measured("ca reach", runs, lambda advance: compare(runs, advance), into, check=check)
