"""`lienthong folder`: for software that can only write and read files."""

from lienthong.cli.folder.command import folder

__all__ = ["folder"]
