"""A round is opened, closed, decrypted, counted and noised, or cancelled; keys and traces are cleared."""
