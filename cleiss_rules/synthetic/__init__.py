"""A synthetic population: situations that follow published figures, for measuring and for teaching."""
