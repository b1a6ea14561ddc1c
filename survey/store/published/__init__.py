"""Published and written results: editions, packs, plan records, messages to residents."""
