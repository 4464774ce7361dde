"""What an examiner and its children say to each other, apart from both: the parent loads no PDF renderer for it."""

import struct

HEAD = struct.Struct("!BQ")
"""A question: 1 when looks are wanted, and how many bytes of PDF follow. An answer: 0, and how many bytes of JSON."""
READY = b"R"
