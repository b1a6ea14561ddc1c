"""The follow-up group reads how the two perspectives compare over the rounds, and takes the figures home."""
