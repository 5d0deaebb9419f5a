"""What an operator sends arrives once and in order; what he typed is there again."""

import asyncio
import itertools
import random
from pathlib import Path

import msgspec
import pytest

from operator_console.client import Backoff, DeskClient, Refused, ServerFault, SignedOut, Unreachable
from operator_console.drafts import MAX_DRAFTS, Draft, Drafts
from operator_console.outgoing import Outgoing
from operator_console.own_files import read_own, write_own
from server_stub.protocol import Author, FileRef, Message, Problem, SendMessage

PROBLEM = Problem("x", "Because.")


class Shop:
    """Stores messages as the server does: by client_id, once. `fails` decides what each attempt meets."""

    def __init__(self, fails=lambda: "") -> None:
        self.stored: dict[str, tuple[str, str]] = {}
        self.attempts: list[str] = []
        self.fails = fails

    async def send(self, dialog: str, body: SendMessage) -> Message:
        self.attempts.append(body.text)
        await asyncio.sleep(0)
        failure = self.fails()
        if failure == "request lost":
            raise Unreachable(PROBLEM)
        if failure == "refused":
            raise Refused(PROBLEM, 422)
        self.stored.setdefault(body.client_id, (dialog, body.text))
        if failure == "answer lost":
            raise Unreachable(PROBLEM)
        if failure == "server fault":
            raise ServerFault(PROBLEM)
        return Message(body.client_id, dialog, "v1", Author("operator"), 1, text=body.text)

    def texts(self, dialog: str) -> list[str]:
        return [text for where, text in self.stored.values() if where == dialog]


@pytest.fixture
def changes() -> list:
    return []


@pytest.fixture
def make(tmp_path, changes):
    clock = itertools.count(1_700_000_000_000)

    def build(send) -> Outgoing:
        return Outgoing(
            send,
            tmp_path / "outgoing",
            clock=lambda: next(clock),
            on_change=lambda item, message: changes.append((item.text, item.state)),
            backoff=lambda: Backoff(first=0.001, cap=0.002),
        )

    return build


class TestDelivery:
    async def test_each_message_goes_through_pending_to_sent(
        self, make, changes, wait_until, tmp_path
    ) -> None:
        """The screen sees both states, and nothing stays on disk."""
        shop = Shop()
        queue = make(shop.send)
        queue.add("d1", "Hello", note=True)
        await wait_until(lambda: ("Hello", "sent") in changes)
        assert changes == [("Hello", "pending"), ("Hello", "sent")]
        assert queue.waiting() == ()
        assert list((tmp_path / "outgoing").iterdir()) == []

    async def test_broken_connections_neither_lose_nor_double(self, make, wait_until) -> None:
        """Half of all attempts fail, before or after the server stored them: each is there once, in order."""
        dice = random.Random(7)
        shop = Shop(lambda: dice.choice(["", "", "", "request lost", "answer lost", "server fault"]))
        queue = make(shop.send)
        for number in range(30):
            queue.add(f"d{number % 3}", f"message {number}")
        await wait_until(lambda: not queue.waiting())
        for dialog in range(3):
            assert shop.texts(f"d{dialog}") == [f"message {number}" for number in range(dialog, 30, 3)]
        assert len(shop.attempts) > 30

    async def test_one_dialog_does_not_hold_up_another(self, make, changes, wait_until) -> None:
        """A dialog whose messages hang leaves the others alone."""
        gate = asyncio.Event()

        async def send(dialog: str, body: SendMessage) -> Message:
            if dialog == "slow":
                await gate.wait()
            return Message("m", dialog, "v", Author("operator"), 1)

        queue = make(send)
        queue.add("slow", "first")
        queue.add("quick", "second")
        await wait_until(lambda: ("second", "sent") in changes)
        assert ("first", "sent") not in changes
        gate.set()
        await wait_until(lambda: ("first", "sent") in changes)

    async def test_a_wake_ends_the_pause(self, tmp_path, wait_until) -> None:
        """When the connection is back nobody waits for the back-off."""
        answers = iter(["request lost", ""])
        shop = Shop(lambda: next(answers))
        queue = Outgoing(
            shop.send,
            tmp_path,
            clock=lambda: 1,
            on_change=lambda *_: None,
            backoff=lambda: Backoff(first=600, cap=600),
        )
        queue.add("d1", "x")
        await wait_until(lambda: len(shop.attempts) == 1)
        await wait_until(lambda: queue.wake() or not queue.waiting())
        assert shop.texts("d1") == ["x"]

    async def test_through_the_real_client(self, desk, client, make, changes, wait_until) -> None:
        """A gateway's error, then the answer: one client_id in both requests."""
        message = {"id": "m1", "dialog": "d1", "visitor": "v1", "author": {"kind": "operator"}, "at": 5}
        desk.answers["POST /api/dialogs/d1/messages"] = [(502, b"oops"), (429, b"{}"), (201, message)]
        queue = make(client.send)
        queue.add("d1", "Hi")
        await wait_until(lambda: ("Hi", "sent") in changes)
        ids = {msgspec.json.decode(request.body)["client_id"] for request in desk.seen}
        assert (len(desk.seen), len(ids)) == (3, 1)


class TestRefusal:
    async def test_it_is_told_and_not_repeated(self, make, changes, wait_until) -> None:
        """The next message of the dialog goes on; the refused one waits for its author."""
        answers = iter(["refused", ""])
        shop = Shop(lambda: next(answers))
        queue = make(shop.send)
        refused = queue.add("d1", "bad")
        queue.add("d1", "good")
        await wait_until(lambda: ("good", "sent") in changes)
        assert shop.attempts == ["bad", "good"]
        [left] = queue.waiting("d1")
        assert (left.state, left.problem) == ("refused", PROBLEM)
        assert queue.take_back(refused.client_id).text == "bad"
        assert queue.waiting() == ()

    async def test_it_can_be_tried_again(self, make, wait_until) -> None:
        """`again` sends it with its own client_id."""
        answers = iter(["refused", ""])
        shop = Shop(lambda: next(answers))
        queue = make(shop.send)
        item = queue.add("d1", "x")
        await wait_until(lambda: queue.waiting()[0].state == "refused")
        queue.again(item.client_id)
        await wait_until(lambda: not queue.waiting())
        assert list(shop.stored) == [item.client_id]

    async def test_without_a_token_it_waits(self, make, wait_until) -> None:
        """Signed out is no refusal of the message."""
        shop = Shop()
        tries = itertools.count()

        async def send(dialog: str, body: SendMessage) -> Message:
            if next(tries) < 2:
                raise SignedOut(PROBLEM, 401)
            return await shop.send(dialog, body)

        queue = make(send)
        queue.add("d1", "x")
        await wait_until(lambda: not queue.waiting())
        assert shop.texts("d1") == ["x"]

    async def test_what_may_have_arrived_cannot_be_taken_back(self, make, wait_until) -> None:
        """An attempt without an answer may be on the visitor's screen already."""
        shop = Shop(lambda: "answer lost")
        queue = make(shop.send)
        fresh = queue.add("d1", "never tried")
        assert queue.take_back(fresh.client_id) is not None
        tried = queue.add("d1", "tried")
        await wait_until(lambda: shop.attempts)
        assert queue.take_back(tried.client_id) is None
        await queue.close()


class TestCrash:
    async def test_the_next_console_delivers_the_rest(self, make, wait_until) -> None:
        """What lay there comes in order, and what had arrived does not come twice."""
        shop = Shop(lambda: "answer lost")
        first = make(shop.send)
        for text in ("one", "two", "three"):
            first.add("d1", text)
        await wait_until(lambda: shop.attempts)
        await first.close()
        shop.fails = lambda: ""
        second = make(shop.send)
        assert [item.text for item in second.start()] == ["one", "two", "three"]
        await wait_until(lambda: not second.waiting())
        assert shop.texts("d1") == ["one", "two", "three"]

    async def test_a_broken_file_is_set_aside_and_named(self, make, tmp_path) -> None:
        """The others are delivered all the same."""
        folder = tmp_path / "outgoing"
        folder.mkdir()
        (folder / "1.json").write_text("{half")
        queue = make(Shop().send)
        assert queue.start() == ()
        assert [path.name for path in queue.set_aside] == ["1.json.broken-1"]
        assert (folder / "1.json.broken-1").read_text() == "{half"

    async def test_where_nothing_can_be_written_nothing_is_queued(self, tmp_path, make) -> None:
        """The caller keeps the text in the composer."""
        (tmp_path / "outgoing").write_text("a file where the folder should be")
        queue = make(Shop().send)
        with pytest.raises(OSError):
            queue.add("d1", "x")
        assert queue.waiting() == ()


class TestDrafts:
    async def test_they_are_there_again(self, tmp_path: Path, wait_until) -> None:
        """A little after the last key the text is on disk."""
        path = tmp_path / "drafts.json"
        drafts = Drafts(path, save_after=0.01)
        for text in ("H", "He", "Hel"):
            drafts.put("d1", Draft(text))
        assert not path.exists()
        await wait_until(path.exists)
        assert Drafts(path).get("d1").text == "Hel"
        assert path.stat().st_mode & 0o777 == 0o600

    async def test_an_empty_text_ends_a_draft(self, tmp_path: Path) -> None:
        """Sending empties the composer and the file."""
        drafts = Drafts(tmp_path / "d.json")
        drafts.put("d1", Draft("x"))
        drafts.save()
        drafts.put("d1", Draft(""))
        drafts.save()
        assert not Drafts(tmp_path / "d.json").get("d1")

    async def test_two_consoles_keep_each_others(self, tmp_path: Path) -> None:
        """Each writes only what it changed."""
        path = tmp_path / "d.json"
        one, two = Drafts(path), Drafts(path)
        one.put("d1", Draft("mine"))
        one.save()
        two.put("d2", Draft("yours"))
        two.save()
        assert [Drafts(path).get("d1").text, Drafts(path).get("d2").text] == ["mine", "yours"]

    async def test_a_broken_file_is_set_aside(self, tmp_path: Path) -> None:
        """It is named, and new drafts are kept."""
        path = tmp_path / "d.json"
        path.write_text("[]")
        drafts = Drafts(path)
        assert drafts.set_aside == tmp_path / "d.json.broken-1"
        drafts.put("d1", Draft("x"))
        drafts.save()
        assert Drafts(path).get("d1").text == "x"

    async def test_a_full_disk_is_told(self, tmp_path: Path) -> None:
        """The text stays in memory and the trouble has words."""
        (tmp_path / "file").touch()
        drafts = Drafts(tmp_path / "elsewhere" / "d.json")
        (tmp_path / "elsewhere").touch()
        drafts.put("d1", Draft("x"))
        drafts.save()
        assert "cannot be kept" in drafts.trouble
        assert drafts.get("d1").text == "x"

    async def test_they_do_not_grow_for_ever(self, tmp_path: Path) -> None:
        """The oldest go."""
        drafts = Drafts(tmp_path / "d.json")
        for number in range(MAX_DRAFTS + 5):
            drafts.put(f"d{number}", Draft("x"))
        drafts.save()
        assert not drafts.get("d0")
        assert drafts.get("d5").text == "x"


class TestOwnFiles:
    def test_a_newer_file_is_not_overwritten(self, tmp_path: Path) -> None:
        """Going back to an older console loses nothing: the file is set aside."""
        path = tmp_path / "x.json"
        write_own(path, {"a": 1}, version=2)
        kept = read_own(path, dict[str, int], version=1)
        assert kept.content is None
        assert kept.set_aside is not None
        assert read_own(kept.set_aside, dict[str, int], version=2).content == {"a": 1}

    def test_a_failed_write_leaves_the_old_file(self, tmp_path: Path) -> None:
        """And no half-written one beside it."""
        path = tmp_path / "x.json"
        write_own(path, {"a": 1})
        with pytest.raises(TypeError):
            write_own(path, {"a": object()})
        assert read_own(path, dict[str, int]).content == {"a": 1}
        assert [file.name for file in tmp_path.iterdir()] == ["x.json"]


async def test_client_closes_without_a_connection() -> None:
    """Closing what never opened is fine."""
    await DeskClient("http://127.0.0.1:1", "t").close()


class TestHeldForAWhile:
    """Undo send: a message waits some seconds, in which its author can take it back."""

    async def test_it_goes_out_by_itself_when_its_time_is_over(self, make, changes, wait_until) -> None:
        shop = Shop()
        queue = make(shop.send)
        item = queue.add("d1", "Hello", hold=30)
        assert (item.state, shop.attempts) == ("held", [])
        await wait_until(lambda: ("Hello", "sent") in changes)
        assert changes == [("Hello", "held"), ("Hello", "pending"), ("Hello", "sent")]

    async def test_taken_back_it_never_goes_out_and_leaves_nothing_on_disk(
        self, make, wait_until, tmp_path
    ) -> None:
        shop = Shop()
        queue = make(shop.send)
        held = queue.add("d1", "No!", hold=60_000)
        queue.add("d1", "Yes", hold=60_000)
        assert queue.held("d1").text == "Yes"
        assert queue.take_back(held.client_id).text == "No!"
        queue.release()
        await wait_until(lambda: not queue.waiting())
        assert shop.attempts == ["Yes"]
        assert list((tmp_path / "outgoing").iterdir()) == []

    async def test_what_is_written_behind_it_waits_with_it(self, make, wait_until) -> None:
        """A note that is not held itself stands behind the message that is; other dialogs wait for nothing."""
        shop = Shop()
        queue = make(shop.send)
        queue.add("d1", "first", hold=40)
        queue.add("d1", "note", note=True)
        queue.add("d2", "elsewhere")
        await wait_until(lambda: len(shop.attempts) == 3)
        assert shop.attempts == ["elsewhere", "first", "note"]

    async def test_taking_it_back_lets_out_what_waited_behind_it(self, make, wait_until) -> None:
        shop = Shop()
        queue = make(shop.send)
        held = queue.add("d1", "first", hold=60_000)
        queue.add("d1", "note", note=True)
        queue.take_back(held.client_id)
        await wait_until(lambda: shop.attempts == ["note"])

    async def test_letting_go_waits_until_it_has_arrived(self, make) -> None:
        shop = Shop()
        queue = make(shop.send)
        queue.add("d1", "one", hold=60_000)
        queue.add("d1", "two", hold=60_000)
        assert await queue.let_go("d1")
        assert shop.texts("d1") == ["one", "two"]
        assert queue.waiting() == ()

    async def test_letting_go_without_a_connection_gives_up_and_loses_nothing(self, make) -> None:
        queue = make(Shop(lambda: "request lost").send)
        queue.add("d1", "one", hold=60_000)
        assert not await queue.let_go("d1", timeout=0.05)
        assert [item.text for item in queue.waiting()] == ["one"]
        await queue.close()

    async def test_after_a_crash_the_next_console_sends_it(self, make, wait_until) -> None:
        shop = Shop()
        first = make(shop.send)
        first.add("d1", "left behind", hold=20)
        await first.close()
        second = make(shop.send)
        assert [item.state for item in second.start()] == ["held"]
        await wait_until(lambda: not second.waiting())
        assert shop.attempts == ["left behind"]

    async def test_what_another_console_has_sent_or_taken_back_is_left_alone(self, make, wait_until) -> None:
        shop = Shop()
        first, second = make(shop.send), make(shop.send)
        first.add("d1", "sent by the first", hold=60_000)
        taken = first.add("d1", "taken back", hold=60_000)
        assert [item.state for item in second.start()] == ["held", "held"]
        first.take_back(taken.client_id)
        await first.let_go("d1")
        second.release()
        await wait_until(lambda: not second.waiting())
        assert shop.attempts == ["sent by the first"]

    async def test_a_clock_that_was_set_back_holds_it_no_longer_than_a_minute(self, tmp_path) -> None:
        folder = tmp_path / "outgoing"
        late = Outgoing(Shop().send, folder, clock=lambda: 10**12, on_change=lambda *_: None)
        late.add("d1", "x", hold=5_000)
        await late.close()
        early = Outgoing(Shop().send, folder, clock=lambda: 1, on_change=lambda *_: None)
        [item] = early.start()
        assert early._deadlines[item.client_id] <= asyncio.get_running_loop().time() + 60
        await early.close()


class TestOvertaken:
    async def test_it_is_refused_with_its_reason_and_may_be_sent_anyway_as_a_new_message(
        self, make, wait_until
    ) -> None:
        bodies: list[SendMessage] = []

        async def send(dialog: str, body: SendMessage) -> Message:
            bodies.append(body)
            if body.read_up_to:
                raise Refused(Problem("overtaken", "Ann has answered meanwhile."), 409)
            return Message("m", dialog, "v", Author("operator"), 1)

        queue = make(send)
        item = queue.add("d1", "x", read_up_to=7)
        await wait_until(lambda: queue.waiting()[0].state == "refused")
        assert queue.waiting()[0].was_overtaken
        again = queue.send_anyway(item.client_id)
        await wait_until(lambda: not queue.waiting())
        assert again.client_id != item.client_id
        assert [(body.read_up_to, body.text) for body in bodies] == [(7, "x"), (0, "x")]
        assert queue.send_anyway("unknown") is None


class TestDraftsOfNotesAndFiles:
    async def test_a_note_stays_a_note_and_keeps_its_files(self, tmp_path: Path) -> None:
        """Else a note would come back as a message to the visitor."""
        path = tmp_path / "d.json"
        drafts = Drafts(path)
        draft = Draft("careful", note=True, files=(FileRef("f1", "a.png", "image/png", 3, "/files/x"),))
        drafts.put("d1", draft)
        drafts.save()
        assert Drafts(path).get("d1") == draft

    async def test_drafts_of_an_older_console_are_read(self, tmp_path: Path) -> None:
        write_own(tmp_path / "d.json", {"d1": "x"})
        assert Drafts(tmp_path / "d.json").get("d1") == Draft("x")

    async def test_they_are_written_also_while_somebody_types_without_a_pause(
        self, tmp_path: Path, wait_until, monkeypatch
    ) -> None:
        monkeypatch.setattr("operator_console.drafts.SAVE_WITHIN", 0.05)
        path = tmp_path / "d.json"
        drafts = Drafts(path, save_after=60)
        numbers = itertools.count()
        await wait_until(lambda: drafts.put("d1", Draft(f"x{next(numbers)}")) or path.exists())
