"""One inbound message or press: who is it, what do they mean, which use case answers. The same for all channels."""
