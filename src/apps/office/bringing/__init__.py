"""What comes by itself beside the axis: scans laid into a folder, documents attached to letters of a mailbox."""
