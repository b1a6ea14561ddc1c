"""The care unit's pages: links to hand out, and counts of answers, never whose. `views` has the first page."""
