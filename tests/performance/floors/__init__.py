"""What a saga's messages and commits cost with nothing around them: below it no system of this shape can come."""
