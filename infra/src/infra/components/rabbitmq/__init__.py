"""RabbitMQ: its programs, its settings, the declaration of the topology, and a view of its queues."""
