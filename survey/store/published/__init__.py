"""What is published or written for readers: editions, packs, plan records, messages to residents."""
