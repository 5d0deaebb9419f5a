"""Messages and notes of operators: sent at once or later, changed, and taken away."""

from __future__ import annotations

from server_stub.api.rest.office import Office, check_client_id
from server_stub.api.rest.routing import Routes
from server_stub.protocol import MAX_MESSAGE_CHARS, EditMessage, Message, SendMessage
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorDeletesMessage, OperatorEditsMessage, OperatorSends, Rejected

routes = Routes("messages")


@routes.post("/api/dialogs/{dialog}/messages")
async def send_message(office: Office, operator: OperatorRow, dialog: str, body: SendMessage) -> Message:
    """Send a message or a note, now or later; the same client_id again is the same message."""
    check_client_id(body.client_id)
    if not body.text.strip() and not body.files:
        raise Rejected("empty", "There is neither text nor a file.", field="text")
    _check_length(body.text)
    work = OperatorSends(operator=operator.id, dialog=dialog, request=body, at=office.now())
    message: Message = await office.desk.submit(work)
    return message


@routes.get("/api/dialogs/{dialog}/scheduled")
async def scheduled_messages(office: Office, dialog: str) -> list[Message]:
    """Messages of the dialog that wait to be sent, the next one first."""
    office.check_dialog(dialog)
    alarms = await office.read(lambda: office.store.alarms_of(dialog))
    waiting = [alarm.message for alarm in alarms if alarm.message is not None]
    return sorted(waiting, key=lambda message: (message.send_at, message.id))


@routes.patch("/api/messages/{message}")
async def edit_message(office: Office, operator: OperatorRow, message: str, body: EditMessage) -> Message:
    """Change one's own message or note for 24 hours; of one that waits, also when it is sent."""
    _check_length(body.text)
    work = OperatorEditsMessage(operator=operator.id, message=message, request=body, at=office.now())
    edited: Message = await office.desk.submit(work)
    return edited


@routes.delete("/api/messages/{message}")
async def delete_message(office: Office, operator: OperatorRow, message: str) -> None:
    """Take one's own message or note away; one that waits is not sent."""
    work = OperatorDeletesMessage(operator=operator.id, message=message, at=office.now())
    await office.desk.submit(work)


def _check_length(text: str) -> None:
    if len(text) > MAX_MESSAGE_CHARS:
        raise Rejected("too_long", f"A message has at most {MAX_MESSAGE_CHARS} characters.", field="text")
