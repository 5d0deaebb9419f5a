"""What the commands share: how a mistake ends one, and the options that several of them take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from operator_console.commands.talk import CommandError, explain


class PlainGroup(TyperGroup):
    """A group whose commands end with a sentence on standard error and status 1, never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        from operator_console.errors import DeskError

        try:
            return super().invoke(ctx)
        except CommandError as error:
            explain(error.message, error.advice)
        except DeskError as error:
            explain(f"{error.title}: {error.message}", error.advice)
        except BrokenPipeError:
            raise  # `| head` has read enough: the library ends quietly
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            explain(
                f"The system refused: {error.strerror or error}{where}.",
                "Check the folder and its permissions.",
            )
        raise typer.Exit(1)


DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="The folder in which everything is kept.", show_default="by system"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Address = Annotated[
    str, typer.Option("--url", help="The server's address.", show_default="the server of this machine")
]
Token = Annotated[
    str,
    typer.Option(
        "--token",
        envvar="OPERATOR_CONSOLE_TOKEN",
        help="The operator's token; - reads it from standard input. It is kept for the next time.",
        show_default=False,
    ),
]
