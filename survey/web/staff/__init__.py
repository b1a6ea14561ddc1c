"""The staff pages' shared parts: guards, sessions, forms, lists, menu, audit log, two-person confirmation."""
