"""What evaluates the law on the facts: strong Kleene logic with exceptions by explicit edges."""
