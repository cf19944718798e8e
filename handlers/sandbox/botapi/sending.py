"""The methods that put new messages into a chat."""

from collections.abc import Callable

from handlers.sandbox.botapi.errors import ApiError, violation
from handlers.sandbox.botapi.files import UPLOAD_LIMIT, StoredFile, check_photo
from handlers.sandbox.botapi.hub import Hub
from handlers.sandbox.botapi.kinds import Upload
from handlers.sandbox.botapi.media import describe
from handlers.sandbox.botapi.texts import read_caption, read_text
from handlers.sandbox.botapi.world import Json

__all__ = ["send_contact", "send_file", "send_location", "send_media_group", "send_message"]

_ALBUM = 2, 10


def send_message(hub: Hub, params: Json) -> Json:
    """sendMessage."""
    content = read_text(params, hub.world)
    preview = params.get("link_preview_options") or {}
    if params.get("disable_web_page_preview"):
        preview = {"is_disabled": True}
    if preview:
        content["link_preview_options"] = preview
    chat = hub.target(params)
    return hub.post_from_bot(chat, params, content).body


def send_file(kind: str) -> Callable[[Hub, Json], Json]:
    """sendPhoto, sendVoice and their like: one file with a caption."""

    def send(hub: Hub, params: Json) -> Json:
        caption = read_caption(params, hub.world)
        _check_numbers(params)
        file = _file(hub, kind, params[kind])
        chat = hub.target(params)
        content = describe(file, hub.files, params) | caption
        if params.get("has_spoiler"):
            content["has_media_spoiler"] = True
        return hub.post_from_bot(chat, params, content).body

    return send


def send_location(hub: Hub, params: Json) -> Json:
    """sendLocation; without live locations."""
    if not -90 <= params["latitude"] <= 90 or not -180 <= params["longitude"] <= 180:
        raise violation("location", "latitude and longitude are out of range")
    if not 0 <= params.get("horizontal_accuracy", 0) <= 1500:
        raise violation("location", "horizontal_accuracy must be between 0 and 1500")
    if live := [name for name in ("live_period", "heading", "proximity_alert_radius") if name in params]:
        raise violation("not_in_sandbox", f"the sandbox does not play {', '.join(live)}")
    names = [name for name in ("latitude", "longitude", "horizontal_accuracy") if name in params]
    chat = hub.target(params)
    return hub.post_from_bot(chat, params, {"location": {name: params[name] for name in names}}).body


def send_contact(hub: Hub, params: Json) -> Json:
    """sendContact."""
    if len(params.get("vcard", "").encode()) > 2048:
        raise violation("contact", "vcard must have at most 2048 bytes")
    names = [name for name in ("phone_number", "first_name", "last_name", "vcard") if name in params]
    chat = hub.target(params)
    return hub.post_from_bot(chat, params, {"contact": {name: params[name] for name in names}}).body


def send_media_group(hub: Hub, params: Json) -> list[Json]:
    """sendMediaGroup: all or nothing, one media_group_id."""
    media = params["media"]
    if not _ALBUM[0] <= len(media) <= _ALBUM[1]:
        raise violation("album", "an album must have 2-10 items")
    kinds = {item["type"] for item in media}
    if "live_photo" in kinds:
        raise violation("not_in_sandbox", "the sandbox does not play live photos")
    if len(kinds) > 1 and kinds != {"photo", "video"}:
        raise violation("album", "audio and documents can't be mixed with other types in an album")
    contents = []
    for item in media:
        _check_numbers(item)
        caption = read_caption(item, hub.world)
        file = _file(hub, item["type"], item["media"])
        content = describe(file, hub.files, item) | caption
        if item.get("has_spoiler"):
            content["has_media_spoiler"] = True
        contents.append(content)
    chat = hub.target(params, len(contents))
    album = {"media_group_id": hub.world.next_album_id()}
    return [hub.post_from_bot(chat, params, album | content).body for content in contents]


def _check_numbers(params: Json) -> None:
    for name in ("duration", "width", "height", "length", "start_timestamp"):
        if params.get(name, 0) < 0:
            raise violation("media", f"{name} must not be negative")


def _file(hub: Hub, kind: str, value: Upload | str) -> StoredFile:
    """A new file or one that is sent again. Raises what Telegram refuses."""
    if isinstance(value, str):
        return hub.files.by_reference(kind, value)
    if not value.data:
        raise violation("file", "file must be non-empty")
    if len(value.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large", "file")
    if kind == "photo":
        check_photo(value.data)
    return hub.files.add(kind, value)
