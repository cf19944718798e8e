"""Reports: figures from the ledger, the paper that is made of them, and the check of one that somebody wrote."""
