"""The expression language: parse · types · check · evaluate, with three truth values."""
