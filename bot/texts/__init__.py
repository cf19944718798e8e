"""All that a person reads, one TOML a language, and the catalogue that renders it."""
