"""The coordinator keeps places, rounds, people and the region's own texts. See `views` for the start."""
