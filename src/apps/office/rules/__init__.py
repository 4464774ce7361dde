"""Rules "when … then …" of an agency: drawn up on a page, carried out by the worker in somebody's rights."""
