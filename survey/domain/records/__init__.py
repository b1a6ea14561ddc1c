"""What the follow-up group keeps beside the figures: plan, external measures, population."""
