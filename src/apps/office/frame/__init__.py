"""The frame around the office's pages: the rail by role, the bar of a telephone."""
