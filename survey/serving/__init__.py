"""Between the server and the app: a request is handed over when the whole of it is here."""
