"""Who may do what for whom: registration authorities, officers, the matrix of operations, signed orders. Pure."""
