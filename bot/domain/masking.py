"""Takes out of a text what would lead to a person: telephone and identity numbers, accounts, addresses on the net."""

import re

_NUMBERS = re.compile(r"(?<![\dA-Za-z-])\+?\d(?:[ \-]?\d){6,18}[Xx]?(?![\dA-Za-z])")
_NET = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+|(?<!\w)@\w{4,}")
_CHAT = re.compile(r"((?:微信|QQ|qq|weixin|WeChat)号?[:：\s]{0,2})[A-Za-z0-9_-]{5,}")


def mask(text: str) -> str:
    """The text with each such number or address as `***`. Numbers of up to six digits stay."""
    for pattern in (_NET, _NUMBERS):
        text = pattern.sub("***", text)
    return _CHAT.sub(r"\1***", text)
