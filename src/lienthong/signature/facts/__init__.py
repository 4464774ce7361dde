"""The first stage of validation: what is in the file. No trust, no policy, no judgement."""
