"""What is taken of an answer of Gravatar's, and what is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server_stub.enrichment.gravatar import hash_of, profile_in
from server_stub.protocol import ProfileLink

NOON = 1_772_452_800_000


def read(said: Any) -> Any:
    return profile_in(json.dumps(said).encode(), NOON)


class TestTheHash:
    def test_it_is_the_sha256_of_the_trimmed_lower_case_email(self) -> None:
        expected = "84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee"
        assert hash_of(" MyEmailAddress@example.com ") == expected


class TestAProfile:
    def test_name_picture_work_place_and_links_are_taken(self, profile: dict[str, Any]) -> None:
        found = read(profile)
        assert (found.source, found.at, found.name, found.place) == ("gravatar", NOON, "Clara K.", "Brno")
        assert found.url == "https://gravatar.com/clara"
        assert found.avatar_url == "https://0.gravatar.com/avatar/abc"
        assert found.about == "Restorer, Lamps & Co\nRestores old lamps."
        assert found.links == (ProfileLink("Mastodon", "https://social.example/@clara"),)

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b"[]", b'"x"', b"{}", b"[" * 100_000, b'{"profile_url":7}']
    )
    def test_what_is_none_is_none(self, body: bytes) -> None:
        assert profile_in(body, NOON) is None

    def test_links_that_could_do_something_are_left_out(self, profile: dict[str, Any]) -> None:
        said = {
            **profile,
            "avatar_url": "javascript:alert(1)",
            "links": [
                {"label": "x", "url": "file:///etc/passwd"},
                {"url": "https://a.example/ b"},
                "x",
                None,
            ],
            "verified_accounts": "none",
        }
        found = read(said)
        assert (found.avatar_url, found.links) == ("", ())

    def test_long_and_broken_texts_are_cut_and_mended(self, profile: dict[str, Any]) -> None:
        body = json.dumps({**profile, "description": "x" * 5000, "display_name": ["no", "text"]})
        found = profile_in(body.replace("Brno", "Br\\ud800no").encode(), NOON)
        assert (found.name, found.place) == ("", "Br?no")
        assert len(found.about) < 1100
