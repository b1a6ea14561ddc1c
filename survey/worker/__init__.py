"""The worker: the loop that seals, publishes and cleans, and the sending of messages."""
