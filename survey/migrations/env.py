"""What alembic runs: the migrations, in the transaction that `survey.store.maintenance.migrate` has begun."""

from alembic import context

from survey.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
