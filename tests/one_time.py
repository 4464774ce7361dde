"""Codes of an authenticator app, each used once: a site takes none twice, however soon a person comes again."""

import time  # noqa: TID251  an app on a telephone has a clock

import pyotp

STEP, DRIFT = 30, 1
_used: dict[tuple[str, str], int] = {}


def code(secret: str, site: str, name: str) -> str:
    """The next one this person has not used at that site; waits for the clock where it is still too far ahead."""
    step = max(_now(), _used.get((site, name), 0) + 1)
    while step > _now() + DRIFT:
        time.sleep(0.5)
    _used[site, name] = step
    return pyotp.TOTP(secret).generate_otp(step)


def _now() -> int:
    return int(time.time()) // STEP
