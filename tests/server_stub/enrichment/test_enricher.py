"""Once an email is known, an open source is asked about its owner: seldom, patiently, and in nobody's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from server_stub.enrichment.gravatar import hash_of
from server_stub.protocol import VisitorFound
from server_stub.serve import Server
from server_stub.work import OperatorErasesVisitor

CLARA = "clara@shop.example"


@pytest.mark.usefixtures("enricher")
class TestAskingForAProfile:
    async def test_it_comes_onto_the_card_and_to_the_consoles(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        visitor = await house.identify("u1", email=" Clara@Shop.example ", name="Clara")
        await wait_until(lambda: house.found)
        assert gravatar.asked == [f"/v3/profiles/{hash_of(CLARA)}"]
        (entry,) = house.found
        assert (entry.visitor, entry.what.profile.name) == (visitor, "Clara K.")
        card = house.desk.card(visitor)
        assert [one.url for one in card.profiles] == ["https://gravatar.com/clara"]
        assert card.name == "Clara"

    async def test_the_email_itself_is_never_sent(self, house: Any, gravatar: Any, wait_until: Any) -> None:
        await house.identify("u1", email=CLARA)
        await wait_until(lambda: house.found)
        assert "clara" not in "".join(gravatar.asked).lower()

    async def test_one_who_is_not_known_is_noted_and_not_shown(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        visitor = await house.identify("u1", email="nobody@shop.example")
        await wait_until(lambda: house.found)
        assert house.found[0].what.profile.url == ""
        assert house.desk.card(visitor).profiles == ()

    async def test_the_same_email_is_asked_for_once(self, house: Any, gravatar: Any, wait_until: Any) -> None:
        for user in ("u1", "u2"):
            await house.identify(user, email=CLARA)
        await house.identify("u1", email=CLARA, city="Brno")
        await wait_until(lambda: len(house.found) == 2)
        assert len(gravatar.asked) == 1

    async def test_with_another_email_the_first_ones_profile_goes(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        visitor = await house.identify("u1", email=CLARA)
        await wait_until(lambda: house.found)
        await house.identify("u1", email="nobody@shop.example")
        assert house.desk.card(visitor).profiles == ()
        await wait_until(lambda: len(house.found) == 2)
        assert house.desk.card(visitor).profiles == ()

    async def test_what_is_no_email_is_not_asked_for(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        await house.identify("u1", email="not an email")
        await house.identify("u2", email=CLARA)
        await wait_until(lambda: house.found)
        assert len(gravatar.asked) == 1


@pytest.mark.usefixtures("enricher")
class TestWhenItDoesNotAnswer:
    @pytest.mark.parametrize(
        "before", [(429, {"Retry-After": "0"}), (429, {}), (500, {}), (302, {"Location": "/elsewhere"})]
    )
    async def test_it_is_asked_again_later(
        self, house: Any, gravatar: Any, wait_until: Any, before: tuple[int, dict[str, str]]
    ) -> None:
        gravatar.before = [before]
        await house.identify("u1", email=CLARA)
        await wait_until(lambda: house.found)
        assert house.found[0].what.profile.name == "Clara K."
        assert len(gravatar.asked) == 2

    async def test_it_is_given_up_in_the_end_and_the_next_one_comes(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        gravatar.before = [(503, {})] * 5
        await house.identify("u1", email="nobody@shop.example")
        second = await house.identify("u2", email=CLARA)
        await wait_until(lambda: house.found)
        assert [entry.visitor for entry in house.found] == [second]

    async def test_nobody_waits_for_it(self, house: Any, gravatar: Any, wait_until: Any) -> None:
        gravatar.hangs.clear()
        await house.identify("u1", email=CLARA)
        await wait_until(lambda: gravatar.asked)
        visitor = await house.identify("u2", email="other@shop.example", name="Other")
        assert house.desk.card(visitor).name == "Other"
        gravatar.hangs.set()
        await wait_until(lambda: len(house.found) == 2)

    async def test_who_was_erased_meanwhile_is_not_told_of(
        self, house: Any, gravatar: Any, wait_until: Any
    ) -> None:
        gravatar.hangs.clear()
        visitor = await house.identify("u1", email=CLARA)
        await wait_until(lambda: gravatar.asked)
        await house.desk.submit(OperatorErasesVisitor(operator="o1", visitor=visitor, at=house.now))
        gravatar.hangs.set()
        second = await house.identify("u2", email="nobody@shop.example")
        await wait_until(lambda: house.found)
        assert [entry.visitor for entry in house.found] == [second]
        assert not [
            e
            for e in house.store.entries(0, 100)
            if isinstance(e.what, VisitorFound) and e.visitor == visitor
        ]


class TestTheSwitch:
    @pytest.mark.parametrize("is_on", [True, False])
    async def test_one_setting_switches_it_on(
        self, tmp_path: Path, gravatar: Any, wait_until: Any, is_on: bool
    ) -> None:
        lines = ["[enrichment]", f'gravatar_url = "{gravatar.url}"'] + ["gravatar = true"] * is_on
        (tmp_path / "settings.toml").write_text("\n".join(lines))
        server = Server(tmp_path, port=0)
        await server.start()
        try:
            async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
                body = {"userId": "u1", "traits": {"email": CLARA}}
                await http.post("/v1/identify", json=body, auth=(server.write_key, ""))
            if is_on:
                await wait_until(lambda: gravatar.asked)
            else:
                await wait_until(lambda: server.app.store.visitors_called(CLARA))
        finally:
            await server.stop()
        assert bool(gravatar.asked) is is_on
