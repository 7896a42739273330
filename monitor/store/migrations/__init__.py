"""Alembic migrations: file names sort and speak; none is ever edited after its release."""
