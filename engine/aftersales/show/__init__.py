"""What people read in the terminal: decisions, faults, tables and the question-by-question walk."""
