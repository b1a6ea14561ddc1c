"""The pages of the follow-up group: how the two perspectives compare over the rounds, and the figures to download."""
