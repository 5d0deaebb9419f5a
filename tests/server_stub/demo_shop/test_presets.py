"""What the demo has prepared for its operators."""

from pathlib import Path

from operator_console.dialog_filter import address_of, filter_at
from server_stub.demo_shop.presets import PRESETS
from server_stub.serve import Server
from server_stub.store.sqlite import SqliteStore
from server_stub.work import OperatorRemovesPreset


class TestPreparedOnce:
    async def test_saved_replies_macros_and_a_list_are_there_and_what_is_taken_away_stays_away(
        self, tmp_path: Path
    ) -> None:
        server = Server(tmp_path, port=0, demo=True)
        await server.start()
        owner = server.app.desk._operators  # who the token belongs to
        gone = OperatorRemovesPreset(operator=next(iter(owner)), preset="hello", at=1)
        await server.app.desk.submit(gone)
        await server.stop()
        server = Server(tmp_path, port=0, demo=True)
        await server.start()
        await server.stop()
        store = SqliteStore(tmp_path / "desk.sqlite")
        assert {preset.id for preset in store.presets()} == set(PRESETS) - {"hello"}
        store.close()

    def test_the_lists_have_addresses_that_the_console_knows(self) -> None:
        lists = [preset.text for preset in PRESETS.values() if preset.kind == "filter"]
        assert [address_of(filter_at(text)) for text in lists] == lists
