"""Debian packages the tests use: a browser, PDF tools, OpenSSL's command. Installs only what is missing, if root."""

import os
import shutil
import subprocess
import sys

# package -> the command that shows it is there
NEEDED = {"chromium": "chromium", "poppler-utils": "pdftoppm", "openssl": "openssl"}


def main() -> int:
    missing = [package for package, command in NEEDED.items() if not shutil.which(command)]
    if not missing:
        return 0
    names = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        command = f"sudo apt-get install {names}"
        print(f"Kiểm thử cần thêm: {names}. Xin chạy: {command}", file=sys.stderr)
        print(f"The tests also need: {names}. Run: {command}", file=sys.stderr)
        return 1
    print(f"Cài gói Debian cho kiểm thử · Debian packages for the tests: {names}", file=sys.stderr, flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *words], env=env, check=False, stdout=sys.stderr)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
