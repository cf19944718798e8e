"""`torture`: whole bots in processes of their own, put through every fault while villagers write, and counted after."""
