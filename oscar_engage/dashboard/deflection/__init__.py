"""How is the service? The page on contacts, deflection and first-contact resolution."""
