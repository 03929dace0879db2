"""How did conversations go, and how helpful did shoppers find them? For supervisors."""
