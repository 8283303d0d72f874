"""The agency sells trips and shows how each of them went."""
