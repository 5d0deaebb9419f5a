"""Which test proves which row of the operator's inbox: by the row's words, the class that holds the product to them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parents[1]

LIST, TALK, CARD, TEAM, COMFORT = (
    f"operator_console/rows/{name}.py"
    for name in ("test_dialog_list", "test_conversation", "test_visitor_card", "test_team", "test_comfort")
)

ROWS: dict[str, str] = {
    # --- Dialog list ---
    "open / closed": f"{LIST}::TestOpenAndClosed",
    "filter by operator": f"{LIST}::TestFilterByOperator",
    "filter by tag": f"{LIST}::TestFilterByTag",
    "who wrote last (initials or mark of visitor, operator, bot)": f"{LIST}::TestWhoWroteLast",
    "the last message": f"{LIST}::TestTheLastMessage",
    "the dialog's tags": f"{LIST}::TestTheDialogsTags",
    "new dialogs appear by themselves, in order, without moving what is under the cursor": (
        f"{LIST}::TestNewDialogsAppearByThemselves"
    ),
    "mine / unassigned / all": f"{LIST}::TestMineUnassignedAll",
    "waiting since": f"{LIST}::TestWaitingSince",
    "unread count": f"{LIST}::TestUnreadCount",
    "snoozed (until time)": f"{LIST}::TestSnoozedUntilTime",
    "snoozed (until next reply)": f"{LIST}::TestSnoozedUntilNextReply",
    "priority": f"{LIST}::TestPriority",
    "search over dialogs, messages and visitors": f"{LIST}::TestSearchOverDialogsMessagesAndVisitors",
    "saved filters": f"{LIST}::TestSavedFilters",
    "mark and act on several": f"{LIST}::TestMarkAndActOnSeveral",
    "channel mark": f"{LIST}::TestChannelMark",
    "live list of visitors on the site now": f"{LIST}::TestLiveListOfVisitorsOnTheSiteNow",
    "every list, filter and search has a URL-like name that can be bookmarked": (
        f"{LIST}::TestUrlLikeNamesThatCanBeBookmarked"
    ),
    # --- Conversation ---
    "feed": f"{TALK}::TestFeed",
    "tags on the dialog": f"{TALK}::TestTagsOnTheDialog",
    "composer": f"{TALK}::TestComposer",
    "switch the feed to the history of all dialogs with this visitor": (
        f"{TALK}::TestHistoryOfAllDialogsWithThisVisitor"
    ),
    "close the dialog": f"{TALK}::TestCloseTheDialog",
    "notes that only operators see": f"{TALK}::TestNotesThatOnlyOperatorsSee",
    'saved replies, with "save this reply" from the composer': f"{TALK}::TestSavedReplies",
    "files up to 2 MB, which the visitor downloads by link": f"{TALK}::TestFilesUpTo2Mb",
    "the bot's questions and the visitor's choices in the feed": (
        f"{TALK}::TestTheBotsQuestionsAndTheVisitorsChoices"
    ),
    "take over from the bot, hand back to it": f"{TALK}::TestTakeOverFromTheBotAndHandBack",
    "assign and transfer": f"{TALK}::TestAssignAndTransfer",
    "reopen": f"{TALK}::TestReopen",
    "typing both ways": f"{TALK}::TestTypingBothWays",
    "delivered / seen": f"{TALK}::TestDeliveredAndSeen",
    "edit and delete own": f"{TALK}::TestEditAndDeleteOwn",
    "replies with variables and `/` search": f"{TALK}::TestRepliesWithVariablesAndSlashSearch",
    "macros": f"{TALK}::TestMacros",
    "drafts kept": f"{TALK}::TestDraftsKept",
    "undo send": f"{TALK}::TestUndoSend",
    "scheduled send": f"{TALK}::TestScheduledSend",
    "transcript by mail": f"{TALK}::TestTranscriptByMail",
    "mention a colleague in a note": f"{TALK}::TestMentionAColleagueInANote",
    "who else is looking at or writing in this dialog": (
        f"{TALK}::TestWhoElseIsLookingAtOrWritingInThisDialog"
    ),
    "merge dialogs": f"{TALK}::TestMergeDialogs",
    "links opened": f"{TALK}::TestLinksOpened",
    "pictures shown in the terminal": f"{TALK}::TestPicturesShownInTheTerminal",
    "CSAT after closing": f"{TALK}::TestCsatAfterClosing",
    "activity lines": f"{TALK}::TestActivityLines",
    "nothing lost over a broken connection": f"{TALK}::TestNothingLostOverABrokenConnection",
    # --- Visitor card ---
    "name, email, phone (the operator edits them)": f"{CARD}::TestNameEmailPhoneTheOperatorEditsThem",
    "live segments": f"{CARD}::TestLiveSegments",
    "what he did on the site (pages, products, cart, orders) as it happens": (
        f"{CARD}::TestWhatHeDidOnTheSiteAsItHappens"
    ),
    "first referrer and channel, UTM": f"{CARD}::TestFirstReferrerAndChannel",
    "social accounts": f"{CARD}::TestSocialAccounts",
    "history of dialogs": f"{CARD}::TestHistoryOfDialogs",
    "a full card behind the name": f"{CARD}::TestFullCardBehindTheName",
    "data from open sources once an email is known (name, avatar, links), switched off by default": (
        f"{CARD}::TestDataFromOpenSources"
    ),
    "custom properties": f"{CARD}::TestCustomProperties",
    "notes on the person": f"{CARD}::TestNotesOnThePerson",
    "visits": f"{CARD}::TestVisits",
    "devices, place, language, local time": f"{CARD}::TestDevicesPlaceLanguageLocalTime",
    "block": f"{CARD}::TestBlock",
    "merge two visitors": f"{CARD}::TestMergeTwoVisitors",
    "export": f"{CARD}::TestExport",
    "erase": f"{CARD}::TestErase",
    "the cart with pictures and totals, live": f"{CARD}::TestCartWithPicturesAndTotalsLive",
    "which scenarios he went through and why (or why not) each message reached him": (
        f"{CARD}::TestWhichScenariosHeWentThroughAndWhy"
    ),
    # --- Team ---
    "roles (operator, marketer, admin) enforced by the server, not the console": (
        f"{TEAM}::TestRolesEnforcedByTheServer"
    ),
    "online / away / automatic away": f"{TEAM}::TestOnlineAwayAutomaticAway",
    "assignment by hand": f"{TEAM}::TestAssignmentByHand",
    "assignment round robin": f"{TEAM}::TestAssignmentRoundRobin",
    "assignment least busy with a limit each": f"{TEAM}::TestAssignmentLeastBusyWithALimit",
    "business hours with time zone and holidays, which scenarios can ask for": (
        f"{TEAM}::TestBusinessHoursWithTimeZoneAndHolidays"
    ),
    "notifications: bell, desktop notification sequences where the terminal knows them, per kind, silent hours, "
    "never a flood on opening": f"{TEAM}::TestNotifications",
    "a title with the unread count": f"{TEAM}::TestATitleWithTheCount",
    # --- Comfort ---
    "command palette with everything": f"{COMFORT}::TestCommandPaletteWithEverything",
    "every action has a key, shown where it applies": (
        f"{COMFORT}::TestEveryActionHasAKeyShownWhereItApplies"
    ),
    "a key map file to change them": f"{COMFORT}::TestAKeyMapFileToChangeThem",
    "mouse": f"{COMFORT}::TestMouse",
    "themes": f"{COMFORT}::TestThemes",
    "English and Russian interface (gettext)": f"{COMFORT}::TestEnglishAndRussianInterface",
    "works in 80×24": f"{COMFORT}::TestWorksIn80x24",
    "wide characters and emoji keep the borders straight": (
        f"{COMFORT}::TestWideCharactersAndEmojiKeepTheBordersStraight"
    ),
    "`operator-console open --read-only` for a wall screen": f"{COMFORT}::TestReadOnlyForAWallScreen",
}
"""What is promised → the class that proves it, whose docstring begins with these words."""

ELSEWHERE: dict[str, str] = {
    "100,000 dialogs scroll and filter without a pause": "benchmarks/console_keys.py",
    "drafts survive a crash": "operator_console/inbox/test_composer_in_a_terminal.py::TestDraftsSurviveACrash",
    "external editor": "operator_console/inbox/test_composer_in_a_terminal.py::TestExternalEditor",
    "the same console in a browser: `operator-console serve --web-console`": (
        "operator_console/commands/test_web_console.py::TestInABrowser"
    ),
}
"""What needs a process, a browser or a machine of its own → where it is proved."""


@cache
def classes_of(file: str) -> dict[str, ast.ClassDef]:
    """The classes of a file of tests, by name."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def named_tests(found: ast.ClassDef) -> list[str]:
    """The names of its tests."""
    functions = (node for node in found.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.name for node in functions if node.name.startswith("test_")]


class TestEveryRowHasItsTest:
    @pytest.mark.parametrize(
        ("row", "place"), ROWS.items(), ids=[place.split("::")[1] for place in ROWS.values()]
    )
    def test_a_reader_finds_the_class_by_the_rows_words(self, row: str, place: str) -> None:
        file, _, name = place.partition("::")
        found = classes_of(file).get(name)
        assert found is not None, f"{row!r} has no class {name} in {file}"
        assert named_tests(found), f"{name} tests nothing"
        told = " ".join((ast.get_docstring(found) or "").split())
        assert told.startswith(row), f"{name} does not begin with the row's words, but with {told!r}"

    @pytest.mark.parametrize("place", ELSEWHERE.values())
    def test_what_is_proved_elsewhere_is_there(self, place: str) -> None:
        file, _, name = place.partition("::")
        assert (TESTS / file).is_file()
        if name:
            assert named_tests(classes_of(file)[name])

    def test_no_class_of_these_files_is_without_a_row(self) -> None:
        listed = set(ROWS.values())
        found = {f"{file}::{name}" for file in (LIST, TALK, CARD, TEAM, COMFORT) for name in classes_of(file)}
        assert {place for place in found if place.split("::")[1].startswith("Test")} == listed
