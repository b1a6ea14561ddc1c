"""The life of a round's answers: opened, closed, decrypted, counted and noised, or cancelled; keys cleared."""
