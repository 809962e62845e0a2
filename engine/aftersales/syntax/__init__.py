"""What the author wrote: one frozen type for each construct, each with its place."""
