"""What the broker and the databases must hold before the services start: `python -m infra.setup`."""
