"""What answers over HTTP besides the sandbox: the site that carries routes, and the bot's health and figures."""
