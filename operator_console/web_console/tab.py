"""One tab's console, as a process: what it shows goes to the browser by its standard output."""

from __future__ import annotations

import os
import sys

from textual import messages
from textual.drivers.web_driver import WebDriver

from operator_console.commands.opening import show_console
from operator_console.commands.talk import CommandError, explain
from operator_console.errors import DeskError
from operator_console.web_console.environment import KEY, TOKEN, URL


class TabDriver(WebDriver):
    """Ends the console with its tab: also where the process that held both has gone without a word."""

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.send_message(messages.ExitApp())


def main() -> int:
    """Show the console of the desk that the environment names."""
    # None of these is for the programs that the console starts.
    url, token = os.environ.pop(URL), os.environ.pop(TOKEN)
    os.environ.pop(KEY, None)
    os.environ["TEXTUAL_DRIVER"] = "operator_console.web_console.tab:TabDriver"
    try:
        return show_console(url, token)
    except (CommandError, DeskError) as error:
        explain(error.message, error.advice)
        return 1


if __name__ == "__main__":
    sys.exit(main())
