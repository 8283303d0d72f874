"""What runs in the peers' own environment; nothing of ours is imported here but the loop."""
