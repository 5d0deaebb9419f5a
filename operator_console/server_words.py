"""What the server says of itself in English, in the console's language: refusals, and what it does not know.

A sentence that is not here is shown as the server wrote it.
"""

from __future__ import annotations

from operator_console.sentences import Sentences
from operator_console.translation import marked

SENTENCES = (
    marked("This is for {0}; your role is {1}."),
    marked("Ask the owner or an admin."),
    marked("This token belongs to no operator of this desk."),
    marked("Ask the owner for a new one."),
    marked("You have been removed from this desk."),
    marked("The server restarts."),
    marked("The server is stopping."),
    marked("The server is starting or stopping."),
    marked("The server cannot store anything right now."),
    marked("The server made a mistake; its log has the details."),
    marked("The body is larger than {0}."),
    marked("Send less at once."),
    marked("Try again."),
    marked("Try again in a moment."),
    marked("Try again later."),
    marked("Begin anew."),
    marked("There is no operator {0}."),
    marked("There is no visitor {0}."),
    marked("There is no dialog {0}."),
    marked("There is no macro {0}."),
    marked("There is no preset {0}."),
    marked("There is no row {0} in the outbox."),
    marked("The tests of {0} cannot be read; nothing was changed."),
    marked("Somebody has changed the tests of {0} in between."),
    marked("Nothing was overwritten. Read them again, and add yours."),
    marked("There is no such dialog."),
    marked("There is no such operator."),
    marked("There is no such visitor."),
    marked("There is no such message."),
    marked("There is no such note."),
    marked("There is no such file."),
    marked("There is neither text nor a file."),
    marked("A message has at most {0} characters."),
    marked("This is no letter, or it is not rendered yet."),
    marked("{0} files an hour are possible."),
    marked("Read it; without read_up_to the message is sent all the same."),
    marked("The message with this client_id was cancelled."),
    marked("A note is written at once."),
    marked("Only a note calls operators."),
    marked("{0} has answered meanwhile."),
    marked("The message has been sent already."),
    marked("This message is not yours."),
    marked("A message can be changed for 24 hours."),
    marked("This file has been sent already."),
    marked("Merge the visitors first, if they are one person."),
    marked("A dialog has at most {0} tags."),
    marked("A closed dialog is in nobody's hands."),
    marked("The visitor is asked when a dialog is closed."),
    marked("A dialog cannot become a part of itself."),
    marked("These are dialogs of two visitors."),
    marked("What a bot leads is nobody's."),
    marked("Only a snoozed dialog comes back."),
    marked("This moment has passed."),
    marked("This must be a moment within a year."),
    marked("{0} messages wait in this dialog already."),
    marked("This cannot be a property's name."),
    marked("{0} is a text."),
    marked("At most {0} characters are possible."),
    marked("This is no phone number."),
    marked("A tag has 1 to {0} characters."),
    marked("They are one visitor already."),
    marked("The other visitor has no {0}."),
    marked("A note has at most {0} characters."),
    marked("The note is empty."),
    marked("Only its author or an admin can take a note away."),
    marked("Nothing has been said in this dialog yet."),
    marked("There are {0} already."),
    marked("Take away what nobody needs."),
    marked("A preset needs a name."),
    marked("Only a macro changes a dialog."),
    marked("A macro says something, changes the dialog, or both."),
    marked("The text cannot be filled in: {0}."),
    marked("The visitor has another open dialog."),
    marked("Go on in dialog {0}."),
    marked("An operator needs a name."),
    marked("There is an operator of that name."),
    marked("The owner cannot be removed."),
    marked("The journal knows nothing that this visitor did."),
    marked("The journal knows no scenario {0}: it was never published here."),
    marked("{0} entries of this visitor have been erased: what he did then is not known any more."),
    marked("The journal begins only later than this visitor does: what was before is not known any more."),
    marked(
        "Settings (time zone, hours, holidays, quiet hours, frequency cap, coupons) are taken as they are now."
    ),
    marked("The text of the {0} {1}, version {2}, is not kept."),
    marked("a run is on its way"),
    marked("the last run ended too short a time ago"),
    marked("{0} ago"),
)
"""As they stand in the server; `{0}` is what it fills in."""


_SENTENCES = Sentences(SENTENCES)


def from_server(text: str) -> str:
    """A sentence of the server in the console's language. What it quotes stays raw."""
    return _SENTENCES.spoken(text)
