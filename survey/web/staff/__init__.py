"""What the staff pages share: guards, sessions, forms, lists, menu, audit log, two-person confirmation."""
