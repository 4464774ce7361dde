"""The way of closed files into the agency's archive, with its lists, minutes and packages."""
