"""Sentences that say the figures in words."""
