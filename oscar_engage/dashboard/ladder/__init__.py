"""The ladder in the dashboard: its steps in their order with what each solved and cost, and who is offered them."""
