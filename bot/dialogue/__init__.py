"""The guided chat: draft + answer -> next step, without input or output."""
