"""Mutants: small faults put into a policy on purpose, to see whether its worked cases and laws notice them."""
