"""The components of a deployment: PostgreSQL, RabbitMQ, the services, the console and the trace sink.

Each component knows its programs, its settings and how it is known to be ready. Nothing here starts a process.
"""
