"""Who a visitor says he is, and the proof: signed tokens of this server, and the shop's hash of its own user ids."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, Signer

from server_stub.work import Rejected


class VisitorTokens:
    """Tokens are `anonymous_id.signature`. A user id is believed with its HMAC-SHA256 under the identity secret."""

    def __init__(self, widget_secret: str, identity_secret: str) -> None:
        self._signer = Signer(widget_secret, salt="widget", digest_method=hashlib.sha256)
        self._identity = identity_secret.encode()

    def new_id(self) -> str:
        """An anonymous id that nobody guesses."""
        return f"a_{secrets.token_hex(12)}"

    def sign(self, anonymous_id: str) -> str:
        return self._signer.sign(anonymous_id).decode()

    def anonymous_id(self, token: str) -> str:
        """Whose token it is. Raises Rejected for one that this server did not sign."""
        try:
            return self._signer.unsign(token).decode()
        except (BadSignature, UnicodeError) as error:
            detail = "This visitor's token was not made by this server."
            hint = "Forget the token and say hello without one."
            raise Rejected("foreign_token", detail, status=401, field="token", hint=hint) from error

    def check_user(self, user_id: str, user_hash: str) -> None:
        """Raises Rejected where the hash does not prove the user id."""
        proof = hmac.new(self._identity, user_id.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof.encode(), user_hash.lower().encode()):
            hint = "The hex HMAC-SHA256 of the user id, under the key in the file identity_secret."
            raise Rejected(
                "wrong_hash", "The user id is not proven.", status=403, field="user_hash", hint=hint
            )
