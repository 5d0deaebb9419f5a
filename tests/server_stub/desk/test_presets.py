"""Saved replies, macros and saved filters as the desk keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.desk import presets
from server_stub.protocol import ChangeDialog, Preset, PresetChanged, WritePreset
from server_stub.work import OperatorRemovesPreset, OperatorWritesPreset, Rejected, RemoveOperator


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")


async def write(shop: Any, preset: str = "hello", operator: str = "o1", **fields: Any) -> Preset:
    request = WritePreset(**{"kind": "reply", "name": "Hello", "text": "Hello!"} | fields)
    return await shop.desk.submit(
        OperatorWritesPreset(operator=operator, preset=preset, request=request, at=shop.now)
    )


async def remove(shop: Any, preset: str = "hello", operator: str = "o1") -> None:
    await shop.desk.submit(OperatorRemovesPreset(operator=operator, preset=preset, at=shop.now))


class TestWriting:
    async def test_a_shared_reply(self, shop: Any) -> None:
        written = await write(shop, name="  Hello \n there ", folder="Greetings")
        assert written == Preset("hello", "reply", "Hello there", "Hello!", "Greetings", at=shop.now, by="o1")
        assert shop.store.presets() == [written]
        assert shop.last(PresetChanged) == PresetChanged(written)

    async def test_another_takes_its_place(self, shop: Any) -> None:
        await write(shop)
        shop.now += 1
        again = await write(shop, operator="o2", text="Good day!")
        assert (again.text, again.by, shop.store.presets()) == ("Good day!", "o2", [again])

    async def test_the_same_again_changes_nothing(self, shop: Any) -> None:
        """So that a console may repeat what it got no answer to."""
        first = await write(shop)
        shop.now += 1
        assert await write(shop) == first
        assert len(shop.all(PresetChanged)) == 1

    async def test_a_macro_with_what_becomes_of_the_dialog(self, shop: Any) -> None:
        change = ChangeDialog(status="closed", add_tags=("done",))
        await write(shop, "bye", kind="macro", text="Bye!", change=change)
        assert shop.store.presets()[0].change == change

    async def test_one_becomes_shared_and_ones_own_again(self, shop: Any) -> None:
        await write(shop, is_shared=False)
        assert shop.store.presets()[0].owner == "o1"
        await write(shop, is_shared=True)
        assert shop.store.presets()[0].owner == ""
        shop.published.clear()
        await write(shop, is_shared=False)
        told = [(entry.what.preset.owner, entry.what.removed) for entry in shop.published]
        assert told == [("", True), ("o1", False)]

    async def test_they_outlive_a_restart(self, shop: Any) -> None:
        written = await write(shop)
        await shop.restart()
        assert shop.store.presets() == [written]


class TestOnesOwn:
    async def test_nobody_else_can_overwrite_it(self, shop: Any) -> None:
        mine = await write(shop, is_shared=False)
        with pytest.raises(Rejected) as refused:
            await write(shop, operator="o2")
        assert (refused.value.error, refused.value.status) == ("conflict", 409)
        assert shop.store.presets() == [mine]

    async def test_for_others_it_is_not_there_to_remove(self, shop: Any) -> None:
        await write(shop, is_shared=False)
        with pytest.raises(Rejected) as refused:
            await remove(shop, operator="o2")
        assert refused.value.status == 404
        await remove(shop)
        assert shop.store.presets() == []

    async def test_it_goes_with_its_operator(self, shop: Any) -> None:
        await write(shop, is_shared=False)
        shared = await write(shop, "shared")
        await shop.desk.submit(RemoveOperator(operator="o1", at=shop.now))
        assert shop.store.presets() == [shared]


class TestRemoving:
    async def test_everybody_may_remove_a_shared_one(self, shop: Any) -> None:
        written = await write(shop)
        await remove(shop, operator="o2")
        assert shop.store.presets() == []
        assert shop.last(PresetChanged) == PresetChanged(written, removed=True)

    async def test_what_is_not_there_is_not_found(self, shop: Any) -> None:
        with pytest.raises(Rejected) as refused:
            await remove(shop)
        assert refused.value.status == 404


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"name": "  "}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"folder": "x" * 101}, "folder"),
            ({"text": " \n"}, "text"),
            ({"text": "x" * 20_001}, "text"),
            ({"text": "{{ visitor.name"}, "text"),
            ({"text": "{% if %}"}, "text"),
            ({"text": "{% if a %}" * 2_000}, "text"),
            ({"change": ChangeDialog(status="closed")}, "change"),
            ({"kind": "filter", "text": ""}, "text"),
            ({"kind": "macro", "text": ""}, "text"),
            ({"kind": "macro", "change": ChangeDialog(assignee="o9")}, "change.assignee"),
            ({"kind": "macro", "change": ChangeDialog(add_tags=("",))}, "change.add_tags"),
            ({"kind": "macro", "change": ChangeDialog(remove_tags=("x" * 101,))}, "change.remove_tags"),
            ({"kind": "macro", "change": ChangeDialog(note="x" * 20_001)}, "change.note"),
        ],
    )
    async def test_names_its_field(self, shop: Any, fields: dict[str, Any], field: str) -> None:
        with pytest.raises(Rejected) as refused:
            await write(shop, **fields)
        assert refused.value.field == field
        assert shop.store.presets() == []

    @pytest.mark.parametrize("preset", ["", "a b", "a/b", "x" * 65, "ä", "a\n"])
    async def test_an_id_is_short_and_plain(self, shop: Any, preset: str) -> None:
        with pytest.raises(Rejected) as refused:
            await write(shop, preset)
        assert refused.value.field == "preset"

    async def test_a_filter_is_no_template(self, shop: Any) -> None:
        await write(shop, kind="filter", text="dialogs?q={{")
        assert shop.store.presets()[0].text == "dialogs?q={{"

    async def test_more_than_a_console_can_hold(self, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(presets, "MOST_PRESETS", 2)
        await write(shop, "a")
        await write(shop, "b")
        with pytest.raises(Rejected) as refused:
            await write(shop, "c")
        assert refused.value.error == "too_many"
        await write(shop, "b", text="Another text in its place.")
        await write(shop, "c", is_shared=False)
