"""Labels [nhãn] of an agency on its documents: put on and taken off by people, one document or many, and by rules."""
