"""Documents from the agency's own pen."""
