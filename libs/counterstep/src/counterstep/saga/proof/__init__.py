"""An exhaustive search over the production core: every state that a saga can reach, and what must hold in each."""
