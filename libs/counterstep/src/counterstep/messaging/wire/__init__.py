"""The envelope of a message, and its form in AMQP."""
