"""Every message of the cruise system."""
