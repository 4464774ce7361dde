"""Throw-away real servers for tests, benchmarks and chaos: started on a free port of this machine, gone afterwards."""
