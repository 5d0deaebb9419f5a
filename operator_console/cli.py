"""The one command, `operator-console`: what it offers and how it is called. The doing is in `commands/`.

Heavy imports are inside the functions: `--help` and a list need neither a screen nor a server.
"""

from __future__ import annotations

from typing import Annotated

import typer

from operator_console import cli_export, cli_import, cli_own, cli_scenarios
from operator_console.cli_parts import Address, AsJson, DataFolder, PlainGroup, Token
from operator_console.commands.talk import explain

app = typer.Typer(
    cls=PlainGroup,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
operators_app = typer.Typer(cls=PlainGroup, no_args_is_help=True, help="Who may answer: add, list, remove.")
app.add_typer(operators_app, name="operators", rich_help_panel="Look after it")
app.add_typer(cli_scenarios.app, name="scenarios", rich_help_panel="Look after it")
app.add_typer(cli_import.app, name="import", rich_help_panel="Look after it")
app.add_typer(cli_export.app, name="export", rich_help_panel="Look after it")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"operator-console {version('operator-console')}")
        except PackageNotFoundError:
            typer.echo("operator-console (from a checkout)")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A sales desk for small shops, operated from the terminal.

    New here? `operator-console demo` opens a shop with visitors to try it on.
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@app.command(rich_help_panel="Start")
def demo(
    *,
    visitors: Annotated[
        bool, typer.Option("--visitors/--no-visitors", help="Let simulated visitors walk through the shop.")
    ] = True,
    console: Annotated[
        bool, typer.Option("--console/--no-console", help="Open the console, or only print the addresses.")
    ] = True,
    port: Annotated[
        int | None,
        typer.Option(
            help="The server's port; the shop takes the next.", show_default="8700, or a free one", max=65535
        ),
    ] = None,
    data: DataFolder = None,
    seed: Annotated[int, typer.Option(help="The same seed brings the same visitors.")] = 1,
    pace: Annotated[
        float, typer.Option(help="How fast visitors live: 2 is twice as fast.", min=0.1, max=100)
    ] = 1.0,
) -> None:
    """Try it: a server, a shop with visitors, and the console.

    Everything is kept, and a second start goes on with it. Leaving the console stops everything.
    """
    from operator_console.commands.demo import DemoOptions, run_demo

    options = DemoOptions(data=data, port=port, visitors=visitors, console=console, seed=seed, pace=pace)
    raise typer.Exit(run_demo(options))


@app.command(rich_help_panel="Start")
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8700,
    data: DataFolder = None,
    web_console: Annotated[
        bool, typer.Option("--web-console", help="Show the console in a browser, too; prints the link to it.")
    ] = False,
    web_console_port: Annotated[
        int,
        typer.Option(
            "--web-console-port", help="Its port; 0 takes a free one.", min=0, max=65535, metavar="PORT"
        ),
    ] = 8720,
    web_console_host: Annotated[
        str,
        typer.Option(
            "--web-console-host",
            help="The address it listens on; by default only this machine gets in.",
            metavar="HOST",
        ),
    ] = "127.0.0.1",
    web_console_token: Annotated[
        str,
        typer.Option(
            "--web-console-token",
            envvar="OPERATOR_CONSOLE_WEB_TOKEN",
            help="The operator as whom one works in it.",
            show_default="the owner",
            metavar="TOKEN",
        ),
    ] = "",
) -> None:
    """Run the server alone, until Ctrl+C. Prints its address, its write key and the snippet for a site.

    With --web-console the console is in a browser, too, for who has no terminal at hand: each tab is a console of
    its own. Whoever has the link is the operator, so it listens on this machine only, unless told otherwise.
    """
    from operator_console.commands.serving import ServeOptions, serve_until_stopped
    from operator_console.commands.talk import serve_folder
    from operator_console.commands.web_console import WebConsole

    shown = WebConsole(web_console_host, web_console_port, web_console_token) if web_console else None
    options = ServeOptions(data=data or serve_folder(), host=host, port=port, web_console=shown)
    raise typer.Exit(serve_until_stopped(options))


@app.command("open", rich_help_panel="Start")
def open_console(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The server's address.", show_default="the server of this machine"
        ),
    ] = "",
    *,
    token: Token = "",
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Only look: nothing can be written or changed. For a wall screen."),
    ] = False,
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="ADDRESS",
            help="The list to begin with, such as open/mine?tag=vip&sort=waiting; Y copies the one that is shown.",
            show_default="all open dialogs",
        ),
    ] = "",
) -> None:
    """Open the console.

    Without an address it finds the server of this machine. The token is needed once: it is kept in the
    system's keyring, or in a file that only you can read.
    """
    from operator_console.commands.opening import open_at
    from operator_console.dialog_filter import BadAddress, Filter, filter_at

    try:
        shown = filter_at(at) if at else Filter()
    except BadAddress as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error
    raise typer.Exit(open_at(url, token, read_only=read_only, at=shown))


@app.command(rich_help_panel="Look after it")
def doctor(
    *,
    url: Address = "",
    data: DataFolder = None,
    port: Annotated[int, typer.Option(help="The port that a server would take.", min=1, max=65535)] = 8700,
    as_json: AsJson = False,
) -> None:
    """Look at everything that has to work, and say what to do where it does not."""
    from operator_console.commands.doctor import examine

    raise typer.Exit(examine(url, data, port, as_json=as_json))


app.command("settings", rich_help_panel="Look after it")(cli_own.settings)
app.command("keys", rich_help_panel="Look after it")(cli_own.keys)


@operators_app.command("add")
def operators_add(
    name: Annotated[str, typer.Argument(help="The name that visitors see.")],
    *,
    role: Annotated[
        str,
        typer.Option(
            help="operator, marketer (publishes scenarios, too), admin (adds and removes others, too) or owner."
        ),
    ] = "operator",
    data: DataFolder = None,
) -> None:
    """Add an operator and print the token, once. Hand it over: `operator-console open URL --token …`."""
    from operator_console.commands.operators import add

    add(name, role, data)


@operators_app.command("list")
def operators_list(*, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List who may answer."""
    from operator_console.commands.operators import show

    show(data, as_json=as_json)


@operators_app.command("remove")
def operators_remove(
    operator: Annotated[str, typer.Argument(metavar="NAME", help="The operator's name or id.")],
    *,
    data: DataFolder = None,
) -> None:
    """Remove an operator: the token is worth nothing from now on, what was written stays."""
    from operator_console.commands.operators import remove

    remove(operator, data)


def main() -> None:
    """The entry point. Ends the process with 0 done, 1 the answer is no, 2 wrong use."""
    try:
        app(prog_name="operator-console")
    except Exception as error:  # a mistake of ours: the reader gets a sentence, and the whole story in a file
        from operator_console.commands.talk import keep_traceback

        explain(
            f"This is a mistake of the program: {type(error).__name__}.", f"Its details: {keep_traceback()}"
        )
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
