"""How the core is reached: its library, its calls, its events."""
