"""What a policy means: resolved, typed, flat and checked."""
