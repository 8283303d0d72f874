"""A public library: an application that had FastAPI and FastStream before it took part in a saga."""
