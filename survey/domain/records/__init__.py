"""Records of the follow-up group: action plan, external measures, population."""
