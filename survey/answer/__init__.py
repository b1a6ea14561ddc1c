"""The pages where residents and care staff answer the seven questions. `views` has the walk through them."""
