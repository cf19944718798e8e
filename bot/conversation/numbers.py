"""What people type for a case's number."""

import re

from bot.conversation.talk import Talk


def full_number(talk: Talk, argument: str) -> str:
    """What people type for a number, completed by the town's code and this year."""
    match = re.fullmatch(r"(?:([A-Za-z]+)-?)?(?:(\d{4})-)?(\d{1,9})", argument.strip().replace("—", "-"))
    if not match:
        return argument
    year = match[2] or str(talk.desk.local(talk.desk.now).year)
    return f"{(match[1] or talk.desk.town.code).upper()}-{year}-{int(match[3]):06d}"
