"""What is asked of a policy beyond what one file can show: of its params while it is compiled, of the rest once it is."""
