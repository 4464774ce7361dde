"""`lienthong bench signature …`: what signing and checking cost. What measures is loaded when it is asked for."""

import typer

from lienthong.cli.bench.command import Check, Into, Runs
from lienthong.cli.bench.frame import LEAST_RUNS

app = typer.Typer(
    help="Đo việc ký và kiểm tra chữ ký. / Measure signing and checking signatures.", no_args_is_help=True
)


@app.command()
def validate(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Kiểm tra văn bản hai chữ ký, cạnh pyHanko. / Check a document with two signatures, beside plain pyHanko."""
    from lienthong.cli.bench.show import measured  # `--help` must not load what measures
    from lienthong.cli.bench.signature.validate import compare  # as above

    measured("signature validate", runs + 1, lambda advance: compare(runs, advance), into, check=check)


@app.command()
def sign(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Ký văn bản 100 kB, cạnh pyHanko. / Sign a document of 100 kB, beside pyHanko's own signer."""
    from lienthong.cli.bench.show import measured  # as above
    from lienthong.cli.bench.signature.sign import compare  # as above

    measured("signature sign", runs + 1, lambda advance: compare(runs, advance), into, check=check)


@app.command()
def revocation(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Tra thu hồi với danh sách 100 đến 300.000 dòng. / Look up revocation in lists of 100 to 300,000 entries."""
    from lienthong.cli.bench.show import measured  # as above
    from lienthong.cli.bench.signature.revocation import STEPS, compare  # as above

    measured("signature revocation", runs + STEPS, lambda advance: compare(runs, advance), into, check=check)


@app.command()
def lasting(runs: Runs = LEAST_RUNS, into: Into = None, check: Check = False) -> None:
    """Bảo toàn chứng cứ văn bản nhận được. / Secure the proofs of received documents."""
    from lienthong.cli.bench.show import measured  # as above
    from lienthong.cli.bench.signature.lasting import compare  # as above

    measured("signature lasting", runs + 1, lambda advance: compare(runs, advance), into, check=check)
