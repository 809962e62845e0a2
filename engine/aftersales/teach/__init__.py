"""What people learn the policy from: the printed handbook and the trainer."""
