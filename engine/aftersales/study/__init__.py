"""Questions about cases and policies: do the worked cases hold, and do they walk every branch."""
