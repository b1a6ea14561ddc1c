"""The action plan, external measures and decisions, beside the trend."""
