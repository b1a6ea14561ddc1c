"""The server before the app: requests are handed over whole, and all parts are served together."""
