"""The HTTP faces of the authority: what everybody may ask, what officers do, what machines ask for by ACME."""
