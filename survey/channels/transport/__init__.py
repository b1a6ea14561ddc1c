"""How messages travel: recipients, SMTP, the length of an SMS."""
