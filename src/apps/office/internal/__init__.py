"""Internal documents [văn bản nội bộ]: a book of their own, given inside the agency, never on the axis."""
