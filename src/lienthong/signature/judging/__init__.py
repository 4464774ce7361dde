"""The second and third stage of validation: a versioned policy applied to facts gives the verdict."""
