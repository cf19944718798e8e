"""How the Bot API says no: one exception, and the three ways the server uses it."""

from typing import Any

__all__ = ["ApiError", "bad", "forbidden", "violation"]


class ApiError(Exception):
    """The Bot API refuses a call.

    `rule` names the documented limit or rule that the caller broke; None where only the state of the world stands
    in the way (a blocked bot, a message already gone), which a blameless bot meets too.
    """

    def __init__(self, code: int, description: str, rule: str | None = None, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.rule = rule
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The JSON body that Telegram sends with it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, **parameters: int) -> ApiError:
    """400 through no breach of a rule."""
    return ApiError(400, f"Bad Request: {description}", None, **parameters)


def violation(rule: str, description: str) -> ApiError:
    """400 because a documented rule was broken; the server notes it among the violations."""
    return ApiError(400, f"Bad Request: {description}", rule)


def forbidden(description: str) -> ApiError:
    """403: the person or the group does not let the bot."""
    return ApiError(403, f"Forbidden: {description}")
