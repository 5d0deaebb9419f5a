"""By what a visitor is recognised, asked from his side."""

from __future__ import annotations

from typing import Any

from server_stub.store.base import Batch, IdentityRow, VisitorRow


class TestIdentitiesOf:
    def test_all_that_lead_to_him_and_after_a_merge_those_of_both(self, store: Any) -> None:
        visitors = {name: VisitorRow(name, 0, b"{}") for name in ("v1", "v2", "v3")}
        rows = [
            ("user", "u1", "v1"),
            ("anonymous", "a1", "v1"),
            ("anonymous", "a2", "v2"),
            ("user", "u3", "v3"),
        ]
        identities = {(kind, value): IdentityRow(kind, value, visitor) for kind, value, visitor in rows}
        store.commit(Batch(visitors=visitors, identities=identities))
        assert store.identities_of("v1") == [("anonymous", "a1"), ("user", "u1")]
        assert store.identities_of("v4") == []
        store.commit(Batch(moved_visitors={"v2": "v1"}))
        assert store.identities_of("v1") == [("anonymous", "a1"), ("anonymous", "a2"), ("user", "u1")]
