"""What services send each other: messages, their names on the wire, and the rules by which they may change."""
