"""What may be certified at all: keys, requests, names, and what a certificate must look like. Pure."""
