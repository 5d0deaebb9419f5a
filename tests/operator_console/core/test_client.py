"""The console's client against a real server on a real socket."""

import asyncio
import socket
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from operator_console.calls import access
from operator_console.client import (
    DeskClient,
    FileProblem,
    Refused,
    ServerFault,
    SignedOut,
    Unreachable,
    server_address,
)
from operator_console.received_files import MAX_NAME_BYTES, plain_name, save_new
from operator_console.safe_text import safe_line
from server_stub.protocol import (
    MAX_FILE_BYTES,
    ChangeDialog,
    ChangeVisitor,
    DialogPage,
    DialogSummary,
    FeedPage,
    FileRef,
    Me,
    Message,
    SendMessage,
)

ME = {"id": "o1", "name": "Ann", "role": "owner", "site": "Lamps", "server_version": "0.1"}
DIALOG = {"id": "d1", "visitor": "v1", "seq": 3, "opened_at": 1, "last_at": 2}
MESSAGE = {"id": "m1", "dialog": "d1", "visitor": "v1", "author": {"kind": "operator"}, "at": 5, "text": "Hi"}
FILE = {"id": "f1", "name": "a.txt", "media_type": "text/plain", "size": 2, "url": "/files/f1/a.txt"}


@pytest.fixture(autouse=True)
def _quick_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "RETRY_DELAYS", (0.01, 0.01))


class TestReading:
    async def test_it_says_who_asks(self, desk, client) -> None:
        """Every request carries the token."""
        desk.answers["GET /api/me"] = (200, ME)
        assert await client.me() == Me("o1", "Ann", "owner", "Lamps", "0.1")
        assert desk.seen[0].headers["authorization"] == "Bearer t0ken"

    async def test_filters_that_are_empty_are_not_sent(self, desk, client) -> None:
        """Only what the caller asked for goes into the query."""
        desk.answers["GET /api/dialogs"] = (200, {"seq": 9, "dialogs": [DIALOG], "total": 1})
        page = await client.dialogs(status="open", tag="a&b")
        assert page == DialogPage(9, (DialogSummary("d1", "v1", 3, 1, 2),), "", 1)
        assert desk.seen[0].query == "limit=500&status=open&tag=a%26b"

    async def test_ids_cannot_leave_their_path(self, desk, client) -> None:
        """A slash or a question mark in an id is quoted."""
        desk.answers["GET /api/dialogs/..%2Fme%3Fx/feed"] = (200, {"seq": 1, "entries": []})
        assert await client.feed("../me?x") == FeedPage(1, ())

    async def test_lists_come_as_tuples(self, desk, client) -> None:
        """Operators, scenarios and outbox are plain lists on the wire."""
        desk.answers["GET /api/operators"] = (200, [{"id": "o1", "name": "Ann", "role": "owner"}])
        desk.answers["GET /api/scenarios"] = (200, [])
        desk.answers["GET /api/outbox"] = (200, [])
        assert [operator.name for operator in await client.operators()] == ["Ann"]
        assert await client.scenarios() == ()
        assert await client.outbox() == ()

    async def test_what_is_found_comes_in_its_groups(self, desk, client) -> None:
        """Dialogs, messages and visitors; of the words nothing is lost on the way."""
        desk.answers["GET /api/find"] = (200, {"dialogs": [DIALOG]})
        results = await client.find("blue & lamp")
        assert [dialog.id for dialog in results.dialogs] == ["d1"]
        assert (results.messages, results.visitors) == ((), ())
        assert desk.seen[-1].query == "q=blue+%26+lamp&limit=20"

    async def test_a_busy_server_is_asked_again(self, desk, client) -> None:
        """Two answers of 503, then the page."""
        busy = (503, {"error": "busy", "detail": "Starting."})
        desk.answers["GET /api/me"] = [busy, busy, (200, ME)]
        assert (await client.me()).name == "Ann"
        assert len(desk.seen) == 3

    async def test_an_unreadable_answer_is_named(self, desk, client) -> None:
        """The error says which answer, and keeps the cause."""
        desk.answers["GET /api/me"] = (200, {"id": 5})
        with pytest.raises(ServerFault, match="/api/me") as raised:
            await client.me()
        assert isinstance(raised.value.__cause__, msgspec.DecodeError)
        assert raised.value.advice


class TestChanging:
    async def test_what_is_left_out_is_not_sent(self, desk, client) -> None:
        """A change names only what changes."""
        desk.answers["PATCH /api/dialogs/d1"] = (200, DIALOG)
        desk.answers["PATCH /api/visitors/v1"] = (200, {"id": "v1", "seq": 4})
        await client.change_dialog("d1", ChangeDialog(status="closed"))
        await client.change_visitor("v1", ChangeVisitor({"email": None}))
        assert [request.body for request in desk.seen] == [
            b'{"status":"closed"}',
            b'{"properties":{"email":null}}',
        ]

    async def test_a_message_is_tried_once(self, desk, client) -> None:
        """Repeating it is the queue's business."""
        desk.answers["POST /api/dialogs/d1/messages"] = [
            (503, {"error": "busy", "detail": "Later."}),
            (201, MESSAGE),
        ]
        with pytest.raises(ServerFault, match="Later"):
            await client.send("d1", SendMessage("c1", "Hi"))
        sent = await client.send("d1", SendMessage("c1", "Hi"))
        assert isinstance(sent, Message)
        assert len(desk.seen) == 2

    async def test_a_started_dialog_is_the_same_when_repeated(self, desk, client) -> None:
        """Both tries carry one client_id."""
        desk.answers["POST /api/visitors/v1/dialogs"] = [(502, b""), (200, DIALOG)]
        assert (await client.start_dialog("v1")).id == "d1"
        assert desk.seen[0].body == desk.seen[1].body

    async def test_seen_needs_no_answer(self, desk, client) -> None:
        """204 is enough."""
        desk.answers["POST /api/dialogs/d1/seen"] = (204, b"")
        await client.mark_seen("d1", 7)
        assert desk.seen[0].body == b'{"up_to":7}'


class TestErrors:
    async def test_signed_out(self, desk, client) -> None:
        """401 says how to get in again."""
        desk.answers["GET /api/me"] = (401, {"error": "token", "detail": "This token is not known."})
        with pytest.raises(SignedOut) as raised:
            await client.me()
        assert raised.value.message == "This token is not known."
        assert "operators add" in raised.value.advice

    async def test_refused_carries_the_problem(self, desk, client) -> None:
        """The field and the server's own hint come along."""
        desk.answers["PATCH /api/dialogs/d1"] = (
            422,
            {
                "error": "wrong",
                "detail": "No such operator.",
                "field": "assignee",
                "hint": "See operators list.",
            },
        )
        with pytest.raises(Refused) as raised:
            await client.change_dialog("d1", ChangeDialog(assignee="x"))
        assert (raised.value.status, raised.value.problem.field) == (422, "assignee")
        assert raised.value.advice == "See operators list."

    async def test_another_server_is_recognised(self, desk, client) -> None:
        """A page of HTML with a 404 is no desk's answer."""
        desk.answers["GET /api/me"] = (404, b"<html>")
        with pytest.raises(Refused, match="status 404 and no reason"):
            await client.me()

    async def test_nobody_there(self) -> None:
        """A closed port is an error in words, with the network's own below."""
        with socket.create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
        client = DeskClient(f"http://127.0.0.1:{port}", "t")
        with pytest.raises(Unreachable, match="does not answer") as raised:
            await client.me()
        assert raised.value.__cause__ is not None
        await client.close()


class TestAddress:
    @pytest.mark.parametrize(
        ("given_address", "url"),
        [
            ("desk.example", "https://desk.example"),
            (" https://desk.example/ ", "https://desk.example"),
            ("https://shop.example/desk/", "https://shop.example/desk"),
            ("127.0.0.1:8700", "http://127.0.0.1:8700"),
            ("localhost:8700", "http://localhost:8700"),
            ("http://[::1]:8700", "http://[::1]:8700"),
        ],
    )
    def test_it_is_completed(self, given_address: str, url: str) -> None:
        """People leave out the scheme; only this machine is talked to without TLS by default."""
        assert server_address(given_address) == url

    @pytest.mark.parametrize(
        "wrong", ["", "ftp://x", "https://", "https://u:p@desk.example", "http://x?a", "x:port"]
    )
    def test_it_is_refused(self, wrong: str) -> None:
        """What is no server's address says so."""
        with pytest.raises(ValueError):
            server_address(wrong)


class TestFiles:
    async def test_upload(self, desk, client, tmp_path: Path) -> None:
        """Name and type go along, the bytes as they are."""
        path = tmp_path / "размеры & co.pdf"
        path.write_bytes(b"%PDF")
        desk.answers["POST /api/files"] = (201, FILE)
        assert (await client.upload(path)).id == "f1"
        assert desk.seen[0].headers["content-type"] == "application/pdf"
        assert desk.seen[0].body == b"%PDF"
        assert "%26%20co.pdf" in desk.seen[0].query or "%26+co.pdf" in desk.seen[0].query

    async def test_too_large_or_missing_never_leaves_the_machine(self, desk, client, tmp_path: Path) -> None:
        """The limit is told before anything is sent."""
        large = tmp_path / "large.bin"
        large.write_bytes(bytes(MAX_FILE_BYTES + 1))
        for path, words in [
            (large, "larger than 2 MB"),
            (tmp_path / "none", "not a file"),
            (tmp_path, "not a file"),
        ]:
            with pytest.raises(FileProblem, match=words):
                await client.upload(path)
        assert desk.seen == []

    async def test_download_saves_beside_what_is_there(self, desk, client, tmp_path: Path) -> None:
        """A second file of the same name gets a number."""
        desk.answers["GET /files/f1/a.txt"] = (200, b"hi")
        ref = msgspec.convert(FILE, FileRef)
        first = await client.download(ref, tmp_path / "in")
        second = await client.download(ref, tmp_path / "in")
        assert [first.name, second.name] == ["a.txt", "a (2).txt"]
        assert first.read_bytes() == second.read_bytes() == b"hi"

    async def test_download_stays_on_the_server_and_in_the_folder(self, desk, client, tmp_path: Path) -> None:
        """Neither a foreign address nor a hostile name leads elsewhere."""
        desk.answers["GET /files/x"] = (200, b"hi")
        for url in ("https://evil.example/x", "//evil.example/x"):
            with pytest.raises(ServerFault):
                await client.download(FileRef("f", "a", "x/y", 1, url), tmp_path)
        saved = await client.download(FileRef("f", "../../\x1b[2J.bashrc", "x/y", 2, "/files/x"), tmp_path)
        assert saved.parent == tmp_path
        assert desk.seen[-1].path == "/files/x"

    def test_a_link_that_waits_is_not_followed(self, tmp_path: Path) -> None:
        """A symbolic link of that name is not written through."""
        target = tmp_path / "precious"
        (tmp_path / "a.txt").symlink_to(target)
        assert save_new(tmp_path, "a.txt", b"x").name == "a (2).txt"
        assert not target.exists()

    @given(st.text(max_size=400))
    def test_any_name_becomes_a_plain_one(self, name: str) -> None:
        """One component, visible, short enough, nothing that a shell or a terminal would take as its own."""
        plain = plain_name(name)
        assert plain
        assert "/" not in plain
        assert "\\" not in plain
        assert safe_line(plain) == plain
        assert not plain.startswith((".", "-", " "))
        assert len(plain.encode()) <= MAX_NAME_BYTES

    @pytest.mark.parametrize(
        ("foreign", "plain"),
        [
            ("C:\\Users\\x\\фото.jpg", "фото.jpg"),
            ("../../etc/passwd", "passwd"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("con.txt", "_con.txt"),
            ("a\u202egpj.exe", "a_gpj.exe"),
            ("", "file"),
            ("x" * 300 + ".jpeg", "x" * 145 + ".jpeg"),
        ],
    )
    def test_known_tricks(self, foreign: str, plain: str) -> None:
        """Paths, hidden files, options, devices, reversed endings."""
        assert plain_name(foreign) == plain


class TestTyping:
    async def test_it_speaks_once_in_a_while(self, desk, client, wait_until) -> None:
        """Ten keys are one sign; another dialog is another."""
        heard: list[str] = []

        async def listen(stream) -> None:
            while True:
                heard.append(await stream.hear())

        desk.on_stream = listen
        events = client.stream(0)
        await anext(events)
        for _ in range(10):
            await client.type_in("d1")
        await client.type_in("d2")
        await wait_until(lambda: len(heard) == 2)
        assert '"dialog":"d1"' in heard[0]
        await events.aclose()

    async def test_without_a_connection_it_is_forgotten(self, client) -> None:
        """Nothing waits, nothing fails."""
        await asyncio.wait_for(client.type_in("d1"), 1)
