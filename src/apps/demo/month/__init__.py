"""A believable month of six offices, done by the office's own acts through the real gateways and axis."""
