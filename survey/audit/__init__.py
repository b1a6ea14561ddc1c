"""The auditor reads what staff have done, and nothing else. See `views` for the story."""
