"""The auditor's pages: the log of what staff have done, and nothing else. `views` has the first page."""
