"""What can go wrong between the console and its server, in words for the person at the keyboard.

Each error carries the `Problem` that explains it. The exception of the library underneath stays as
`__cause__`. The names say what happened, as the screen does, hence without "Error".
"""

from __future__ import annotations

from operator_console.server_words import from_server
from operator_console.translation import _, marked
from server_stub.protocol import Problem


class DeskError(Exception):
    """The desk could not do this."""

    title = marked("The desk could not do this")
    help = marked("Try again; if it stays, run `operator-console doctor`.")

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem

    @property
    def message(self) -> str:
        """What happened, one sentence. It may quote the server: clean it before it is shown."""
        return from_server(self.problem.detail) or _(self.title)

    @property
    def advice(self) -> str:
        """What the reader can do about it."""
        return from_server(self.problem.hint) or _(self.help)


class Unreachable(DeskError):
    """The server did not answer: it is down, the address is wrong, or the network is."""

    title = marked("The server does not answer")
    help = marked(
        "Check the address and that the server runs (`operator-console doctor`). The console keeps trying."
    )


class ServerFault(DeskError):
    """The server answered, but with a fault of its own or with something that is no answer."""

    title = marked("The server made a mistake")
    help = marked("Try again in a moment; the server's log has the details.")


class Refused(DeskError):
    """The server understood and said no: repeating it will not help. `status` is the HTTP status, 4xx."""

    title = marked("The server refused this")
    help = marked("Change what the message names and try again.")

    def __init__(self, problem: Problem, status: int = 400) -> None:
        super().__init__(problem)
        self.status = status


class SignedOut(Refused):
    """The token is missing, wrong, or belongs to an operator who was removed."""

    title = marked("Signed out")
    help = marked("Ask for a token (`operator-console operators add NAME`) and open again with `--token`.")


class FileProblem(DeskError):
    """A file on this machine could not be read or written."""

    title = marked("The file cannot be used")
    help = marked("Check that the file is there, that you may read it, and that the folder may be written.")
