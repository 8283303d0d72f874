"""What a deployment is made of: PostgreSQL, RabbitMQ, the services, the console and where traces go.

Each component knows its programs, its settings and how it is known to be ready. Nothing here starts a process.
"""
