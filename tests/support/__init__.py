"""What several tests need: stores, chats, fakes."""
