"""Messages that are neither lost nor carried out twice, over RabbitMQ and PostgreSQL."""
