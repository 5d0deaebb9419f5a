"""The works that concern a person as a whole: which function applies which, and how a repeat of one is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server_stub.desk.persons import editing, enriching, erasing, merging, notes, transcript
from server_stub.desk.transaction import Transaction
from server_stub.work import (
    FilesRemoved,
    OperatorChangesVisitor,
    OperatorErasesVisitor,
    OperatorMergesVisitors,
    OperatorNotesVisitor,
    OperatorRemovesVisitorNote,
    OperatorSendsTranscript,
    ProfileFound,
)

APPLY: dict[type, Callable[[Transaction, Any], Any]] = {
    OperatorChangesVisitor: editing.changes_visitor,
    OperatorNotesVisitor: notes.writes,
    OperatorRemovesVisitorNote: notes.removes,
    OperatorMergesVisitors: merging.merges_visitors,
    OperatorErasesVisitor: erasing.erases,
    FilesRemoved: erasing.files_removed,
    ProfileFound: enriching.profile_found,
    OperatorSendsTranscript: transcript.sends_transcript,
}
