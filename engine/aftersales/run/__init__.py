"""The engine: cases walked through a policy to decisions."""
