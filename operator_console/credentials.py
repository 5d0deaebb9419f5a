"""Where tokens lie: in the system's keyring, or without one in a file that only its owner can read."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path, user_state_path

from operator_console.own_files import OwnRead, read_own, write_own

APP = "operator-console"
_SERVICE = "operator-console"


def state_folder(url: str, operator: str) -> Path:
    """Where the console keeps what it has not sent yet, per server and operator."""
    return user_state_path(APP) / "desks" / f"{_name(url)}-{_name(operator)}"


def save_token(url: str, token: str) -> str:
    """Keep the token for the server at `url`; returns where, in words. Raises OSError."""
    if _in_keyring(url, token):
        return "the system's keyring"
    path = _tokens_path()
    tokens = _tokens().content or {}
    tokens[url] = token
    write_own(path, tokens)
    return str(path)


def find_token(url: str) -> str:
    """Return the token kept for the server at `url`, or nothing. Raises OSError."""
    return _from_keyring(url) or (_tokens().content or {}).get(url, "")


def forget_token(url: str) -> bool:
    """Drop the token kept for the server; False where there was none. Raises OSError."""
    was_there = _drop_from_keyring(url)
    tokens = _tokens().content or {}
    if tokens.pop(url, None) is not None:
        write_own(_tokens_path(), tokens)
        was_there = True
    return was_there


def keyring_name() -> str:
    """The name of the keyring in use, or nothing where the machine has none."""
    import keyring  # finding a keyring talks to the desktop: only where a token is needed

    backend = keyring.get_keyring()
    # Below 1 are the backends that only say "none here" and those that keep plain text.
    return str(backend.name) if backend.priority >= 1 else ""


def _in_keyring(url: str, token: str) -> bool:
    if not keyring_name():
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, url, token)
    except KeyringError:
        return False  # locked, or its owner said no: the file takes the token
    return True


def _from_keyring(url: str) -> str:
    if not keyring_name():
        return ""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, url) or ""
    except KeyringError:
        return ""


def _drop_from_keyring(url: str) -> bool:
    if not keyring_name():
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, url)
    except KeyringError:
        return False
    return True


def _tokens_path() -> Path:
    return user_config_path(APP) / "tokens.json"


def _tokens() -> OwnRead[dict[str, str]]:
    return read_own(_tokens_path(), dict[str, str])


def _name(text: str) -> str:
    return "".join(char if char.isascii() and (char.isalnum() or char in ".-") else "_" for char in text)[:80]
