"""What works in the tree of a scenario."""

from __future__ import annotations

from operator_console.action_tables.action import Action

TREE: tuple[Action, ...] = (
    Action("tree.search", "Search", "Find rows by their words", ("slash",), "tree", "search", 30),
    Action("tree.next_found", "Next", "To the next row that was found", ("n",), "tree", "next_found(1)"),
    Action(
        "tree.previous_found",
        "Previous",
        "To the row before that was found",
        ("N",),
        "tree",
        "next_found(-1)",
    ),
    Action(
        "tree.next_problem",
        "Next problem",
        "To the next row with an error or a warning",
        ("exclamation_mark",),
        "tree",
        "next_problem",
        35,
    ),
    Action(
        "tree.follow", "Follow", "To the step or block that the row leads to", ("f",), "tree", "follow", 20
    ),
    Action("tree.return", "Return", "Back to where the last jump was followed", ("b",), "tree", "return"),
    Action(
        "tree.play",
        "Play beside",
        "Play the draft as a visitor beside its tree, or end that",
        ("t",),
        "tree",
        "play_beside",
        15,
    ),
    Action(
        "tree.to_played",
        "To what runs",
        "To the row of the step at which the played run stands",
        ("ctrl+g",),
        "tree",
        "to_played",
        0,
        True,
        True,
    ),
    Action(
        "tree.next_pane",
        "Next pane",
        "Between the tree and the file",
        ("tab", "shift+tab"),
        "tree",
        "next_pane",
        0,
        False,
        True,
    ),
    Action(
        "tree.publish",
        "Publish",
        "Publish the scenario, after a look at what differs and who stands where",
        ("P",),
        "tree",
        "publish",
        14,
        changes=True,
    ),
    Action(
        "tree.browse",
        "In the browser",
        "Show the row in the browser as a visitor would see it; the page follows each edit",
        ("w",),
        "tree",
        "browse",
    ),
    Action(
        "tree.figures",
        "Figures",
        "Who reached the goal, by day, by variant and by message, and who they were",
        ("s",),
        "tree",
        "figures",
        16,
    ),
    Action(
        "tree.node_figures",
        "Figures at the rows",
        "Show how many came to each step, who waits there now and who went on, or hide it",
        ("i",),
        "tree",
        "node_figures",
    ),
    Action(
        "tree.versions",
        "Versions",
        "Who published the scenario when and why, what differs, and back to one",
        ("V",),
        "tree",
        "versions",
    ),
    Action(
        "tree.merge",
        "Take in",
        "Take in what a colleague has published meanwhile",
        ("M",),
        "tree",
        "merge",
        changes=True,
    ),
    Action("tree.add", "Add", "Add what may stand here, or below", ("a",), "tree", "add", 22, changes=True),
    Action("tree.edit", "Edit", "Edit the row", ("e",), "tree", "edit", 24, changes=True),
    Action("tree.up", "Move up", "Move the row up in its list", ("K",), "tree", "move(-1)", changes=True),
    Action(
        "tree.down", "Move down", "Move the row down in its list", ("J",), "tree", "move(1)", changes=True
    ),
    Action(
        "tree.drop",
        "Take away",
        "Take the row away with all below it",
        ("D",),
        "tree",
        "drop",
        changes=True,
    ),
    Action("tree.copy", "Copy", "Copy the row with all below it", ("y",), "tree", "copy", changes=True),
    Action("tree.cut", "Cut", "Copy the row and take it away", ("x",), "tree", "cut", changes=True),
    Action(
        "tree.paste", "Paste", "Put what was copied below the cursor", ("v",), "tree", "paste", changes=True
    ),
    Action(
        "tree.duplicate", "Duplicate", "Put a copy below the row", ("c",), "tree", "duplicate", changes=True
    ),
    Action(
        "tree.switch",
        "Switch off, on",
        "Switch the step off, or on again",
        ("o",),
        "tree",
        "switch",
        changes=True,
    ),
    Action("tree.undo", "Undo", "Take the last change back", ("u",), "tree", "undo", 26, changes=True),
    Action("tree.redo", "Redo", "Make the change again", ("U",), "tree", "redo", changes=True),
    Action(
        "tree.back",
        "Back",
        "Out of the file, a search, the screen",
        ("escape",),
        "tree",
        "back",
        12,
        False,
    ),
)
"""What works on the screen of one scenario."""

ROWS: tuple[Action, ...] = (
    Action(
        "rows.fold",
        "Fold",
        "Fold what stands below the row, or unfold it",
        ("space",),
        "rows",
        "fold",
        16,
        False,
    ),
    Action(
        "rows.fold_all",
        "Fold all",
        "Fold all branches, or unfold them",
        ("z",),
        "rows",
        "fold_all",
        18,
        False,
    ),
)
"""In its rows."""
