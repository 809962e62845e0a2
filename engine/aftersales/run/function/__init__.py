"""The policy as generated Python functions: one row of scalar facts in, one answer out, the same as the machine's."""
