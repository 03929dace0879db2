"""How fast are shoppers answered, by hour, queue and agent, and how busy is the desk? For supervisors; agents see their own."""
