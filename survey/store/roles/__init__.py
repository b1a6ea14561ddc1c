"""PostgreSQL's roles, one for each part of the product: what each may do, has been given, and needs."""
