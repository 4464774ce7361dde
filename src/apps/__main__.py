"""`python -m apps serve --port 8080 | migrate | seed | …` (any other word is a Django command)."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apps.settings")
    execute_from_command_line(["apps", *sys.argv[1:]])


if __name__ == "__main__":
    main()
