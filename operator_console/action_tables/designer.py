"""What works on the screens of the scenarios: all of them, and the library."""

from __future__ import annotations

from operator_console.action_tables.action import Action

SCENARIOS: tuple[Action, ...] = (
    Action(
        "scenarios.switch",
        "Pause, resume",
        "Pause the scenario, or let it go on; launch a draft",
        ("p",),
        "scenarios",
        "switch",
        15,
        changes=True,
    ),
    Action(
        "scenarios.archive",
        "Archive",
        "Put the scenario away: it ends for everybody who is on his way in it",
        ("A",),
        "scenarios",
        "archive",
        changes=True,
    ),
    Action(
        "scenarios.library",
        "Library",
        "Show the ready-made scenarios, and how each looks to the visitor",
        ("n",),
        "scenarios",
        "library",
        20,
    ),
    Action(
        "scenarios.play",
        "Play",
        "Play the scenario as a visitor, on a clock of its own",
        ("t",),
        "scenarios",
        "play",
        17,
    ),
    Action(
        "scenarios.export",
        "Export",
        "Write all scenarios into a folder of this computer, after a look at what will happen",
        ("e",),
        "scenarios",
        "export",
        40,
    ),
    Action(
        "scenarios.import",
        "Import",
        "Publish the scenarios of a folder, after a look at what will happen",
        ("i",),
        "scenarios",
        "import",
        42,
        changes=True,
    ),
    Action(
        "scenarios.search",
        "Search",
        "Titles, names and what starts them",
        ("slash",),
        "scenarios",
        "search",
        30,
    ),
    Action("scenarios.all", "All", "Show the scenarios of every status", ("1",), "scenarios", "status('')"),
    Action("scenarios.live", "Live", "Show what is live", ("2",), "scenarios", "status('live')"),
    Action("scenarios.paused", "Paused", "Show what is paused", ("3",), "scenarios", "status('paused')"),
    Action("scenarios.drafts", "Drafts", "Show the drafts", ("4",), "scenarios", "status('draft')"),
    Action(
        "scenarios.archived", "Archived", "Show what was put away", ("5",), "scenarios", "status('archived')"
    ),
    Action("scenarios.reset", "Reset filter", "Show all scenarios", ("F",), "scenarios", "reset_filter"),
    Action(
        "scenarios.next_pane",
        "Next pane",
        "Between the list and the file",
        ("tab", "shift+tab"),
        "scenarios",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "scenarios.back",
        "Back",
        "Out of the file, a search, the screen",
        ("escape",),
        "scenarios",
        "back",
        12,
        False,
    ),
    Action("scenarios.reload", "Load again", "Load the scenarios again", ("ctrl+r",), "scenarios", "reload"),
)
"""What works on the screen of all scenarios."""

LIBRARY: tuple[Action, ...] = (
    Action(
        "library.search",
        "Search",
        "Titles, what they are for, what starts them",
        ("slash",),
        "library",
        "search",
        30,
    ),
    Action("library.reset", "Reset filter", "Show the whole library", ("F",), "library", "reset_filter"),
    Action(
        "library.next_pane",
        "Next pane",
        "Between the list and the preview",
        ("tab", "shift+tab"),
        "library",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "library.back",
        "Back",
        "Out of the preview, a search, the library",
        ("escape",),
        "library",
        "back",
        12,
        False,
    ),
)
"""What works in the library."""
