"""Care units send out links and see that answers come in, never whose. See `views` for the story."""
