"""The transports of messages: recipients, SMTP, the length of an SMS."""
