"""Each version of each message is frozen in a golden file: its JSON Schema, and a sample as it was first written.

It is a developer's tool, and alone in `contracts` needs more than pydantic: jsonschema, by the extra `golden`.
"""
