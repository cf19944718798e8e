"""One function for each thing a person can do; each works inside one transaction."""
