"""The law as data: one TOML pack per text, and the loader that takes nothing on trust."""
