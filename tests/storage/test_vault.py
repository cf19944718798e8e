"""What is sealed can be read where it was sealed, and nowhere else."""

import json

import pytest

from bot.domain.contacts import Contact, ContactKind, masked, phone_in
from bot.domain.keys import Keyring, KeyringError
from storage.rekeying import SEALED, WrongKeysError
from storage.store import SqlStore, open_store
from storage.vault import BrokenSealError, UnknownKeyError, Vault, place
from tests.storage.samples import NOW, person, sql
from tests.support.stores import KEYS

HERE = place("contacts.sealed", 7, "phone")
PHONE = "13800138000"


@pytest.fixture
def vault() -> Vault:
    return Vault(KEYS)


def test_what_is_sealed_is_read_again_in_its_place_alone(vault: Vault) -> None:
    sealed = vault.seal(HERE, PHONE)
    assert PHONE not in sealed
    assert vault.open(HERE, sealed) == PHONE
    for elsewhere in (
        place("contacts.sealed", 8, "phone"),
        place("contacts.sealed", 7, "name"),
        place("x", 7, "phone"),
    ):
        with pytest.raises(BrokenSealError):
            vault.open(elsewhere, sealed)


@pytest.mark.parametrize("value", [["1", None, 2.5, {"a": "石\0\u2028"}], []])
def test_a_json_value_is_sealed_as_its_text(vault: Vault, value: object) -> None:
    sealed = vault.seal_json(HERE, value)
    assert vault.open_json(HERE, sealed) == json.loads(vault.open(HERE, sealed)) == value


def test_half_of_a_surrogate_pair_stops_no_sealing(vault: Vault) -> None:
    assert vault.open_json(HERE, vault.seal_json(HERE, ["a\ud83d"])) == ["a?"]


def test_the_same_text_is_never_sealed_alike_and_always_looked_up_alike(vault: Vault) -> None:
    assert vault.seal(HERE, PHONE) != vault.seal(HERE, PHONE)
    assert vault.lookup("chat", "1") == vault.lookup("chat", "1")
    other = Vault(Keyring(b"o" * 32, KEYS.keys))
    found = {
        vault.lookup("chat", "1"),
        vault.lookup("chat", "2"),
        vault.lookup("account", "1"),
        other.lookup("chat", "1"),
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-4], lambda s: "", lambda s: "1.", lambda s: "x" + s, lambda s: s[:20] + "A" + s[21:]]
)
def test_what_was_changed_is_not_opened(vault: Vault, spoil: object) -> None:
    assert callable(spoil)
    sealed = vault.seal(HERE, PHONE)
    spoilt = spoil(sealed)
    with pytest.raises(BrokenSealError):
        vault.open(HERE, spoilt if spoilt != sealed else sealed[:20] + "B" + sealed[21:])


def test_a_key_of_a_later_ring_is_asked_for_before_giving_up() -> None:
    later = KEYS.with_new_key()
    sealed = Vault(later).seal(HERE, PHONE)
    assert sealed.startswith("2.")
    with pytest.raises(UnknownKeyError):
        Vault(KEYS).open(HERE, sealed)
    assert Vault(KEYS, lambda: later).open(HERE, sealed) == PHONE


def test_a_file_is_sealed_as_text_is(vault: Vault) -> None:
    sealed = vault.seal_bytes(HERE, b"\x00\xff.")
    assert vault.open_bytes(HERE, sealed) == b"\x00\xff."
    with pytest.raises(BrokenSealError):
        vault.open_bytes("elsewhere", sealed)


class TestKeyrings:
    def test_a_keyring_is_read_as_it_was_written(self) -> None:
        ring = Keyring.new().with_new_key()
        assert Keyring.parse("# a remark\n" + ring.text()) == ring
        assert Keyring.parse(" ".join(ring.text().split())) == ring
        assert (ring.current, ring.numbers) == ("2", ("1", "2"))
        assert ring.with_current_only().numbers == ("2",)

    def test_no_key_shows_when_a_ring_is_printed(self) -> None:
        assert "l" * 32 not in f"{KEYS!r}{KEYS}"

    @pytest.mark.parametrize(
        "text", ["", "1:abc", "lookup:" + "A" * 43 + "=", "1:###", "x:" + "A" * 43 + "=", KEYS.text() + KEYS.text()]
    )
    def test_what_is_no_keyring_is_refused_without_showing_it(self, text: str) -> None:
        with pytest.raises(KeyringError) as refused:
            Keyring.parse(text)
        assert "AAA" not in str(refused.value)


class TestContacts:
    async def test_what_was_left_is_found_for_its_person_and_taken_away(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            one, two = await person(tx), await person(tx, "200")
            await tx.contacts.put(one.id, ContactKind.PHONE, "1", NOW)
            await tx.contacts.put(one.id, ContactKind.PHONE, PHONE, NOW)
            await tx.contacts.put(one.id, ContactKind.NAME, "李秀英", NOW, by=two.id)
            assert await tx.contacts.of(one.id) == Contact(PHONE, "李秀英")
            assert not await tx.contacts.of(two.id)
            await tx.contacts.remove(one.id, ContactKind.NAME)
            assert await tx.contacts.of(one.id) == Contact(PHONE)
            await tx.people.forget(one.id, NOW)
            assert not await tx.contacts.of(one.id)

    async def test_a_value_moved_to_another_person_or_kind_is_refused(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            one, two = await person(tx), await person(tx, "200")
            await tx.contacts.put(one.id, ContactKind.PHONE, PHONE, NOW)
        await sql(store, f"UPDATE contacts SET person_id = {two.id}")
        async with store.begin() as tx:
            with pytest.raises(BrokenSealError):
                await tx.contacts.of(two.id)
        await sql(store, f"UPDATE contacts SET person_id = {one.id}, kind = 'name'")
        async with store.begin() as tx:
            with pytest.raises(BrokenSealError):
                await tx.contacts.of(one.id)

    async def test_accounts_that_changed_places_are_refused(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            one, two = await person(tx), await person(tx, "200")
        [(sealed,)] = await sql(store, f"SELECT chat FROM accounts WHERE person_id = {one.id}")
        await sql(store, f"UPDATE accounts SET chat = '{sealed}' WHERE person_id = {two.id}")
        async with store.begin() as tx:
            assert await tx.people.get(one.id) == one
            with pytest.raises(BrokenSealError):
                await tx.people.find("telegram", "200")

    async def test_a_guest_has_contacts_and_no_account(self, store: SqlStore) -> None:
        async with store.begin() as tx:
            guest = await tx.people.add_guest("zh-CN", NOW)
            await tx.contacts.put(guest.id, ContactKind.PHONE, PHONE, NOW)
            assert await tx.people.get(guest.id) is None
            assert await tx.contacts.of(guest.id) == Contact(PHONE)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13800138000", PHONE), ("138 0013 8000", PHONE), ("+86 138-0013-8000", PHONE),
        ("１３８００１３８０００", PHONE),
        ("0668-2912345", "06682912345"), ("（0668）2912345", "06682912345"), ("2912345", "2912345"),
        ("12345", None), ("1380013800", None), ("打我电话13800138000", None), ("", None), ("四四零", None),
    ],
)  # fmt: skip
def test_a_number_is_known_in_any_writing(typed: str, phone: str | None) -> None:
    assert phone_in(typed) == phone


def test_its_owner_knows_a_masked_number_again() -> None:
    assert masked(PHONE) == "138****8000"
    assert masked("2912345") == "****345"


class TestOpening:
    async def test_other_keys_are_refused(self, store: SqlStore, url: str) -> None:
        async with store.begin() as tx:
            await person(tx)
        for ring in (
            Keyring(KEYS.lookup, {"1": b"x" * 32}),
            Keyring(KEYS.lookup, {"2": b"1" * 32}),
            Keyring(b"x" * 32, KEYS.keys),
        ):
            with pytest.raises(WrongKeysError):
                await open_store(url, ring)
        longer = await open_store(url, KEYS.with_new_key())
        await longer.close()


def test_every_column_that_holds_sealed_text_is_known_to_the_rotation() -> None:
    assert {f"{each.table.name}.{each.column.name}" for each in SEALED} == {
        "accounts.chat", "contacts.sealed", "drafts.data", "inbox.raw", "outbox.message",
    }  # fmt: skip
