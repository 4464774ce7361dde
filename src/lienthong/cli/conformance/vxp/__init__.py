"""Stories about the VXP face, spoken as SDK 2.0.x speaks: every header it ever set is kept, sent and signed."""
