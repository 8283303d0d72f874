"""The system with many ended sagas, in a long run, and with many waiting sagas."""
