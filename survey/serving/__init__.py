"""Before the app: a request is handed over when the whole of it is here, and how all is served together."""
