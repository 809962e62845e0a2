"""Proof: what holds of every case at once. Graph and terms become formulas; one file knows the solver."""
