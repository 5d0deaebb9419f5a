"""The changes of a document, each made of edits that are carried out one after the other."""

from __future__ import annotations

from scenarios_yaml.language.editing import names
from scenarios_yaml.language.editing.carrying import Carrying
from scenarios_yaml.language.editing.meaning import Meant
from scenarios_yaml.language.editing.plain import CannotEditError, joined
from scenarios_yaml.language.editing.recompose import Edit
from scenarios_yaml.language.editing.spans import Found
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar


class Changes(Carrying):
    """All that can be done to a document: values and items, and names and switches of steps."""

    def rename(self, place: str, name: str) -> None:
        """See `Document.rename`."""
        found, root = self._find(place), self._root()
        is_block = found.above is not None and found.above.place == "blocks" and found.key is not None
        old = found.key.value if is_block and found.key else self._id_of(found)
        if old == name:
            return
        names.need_free(name, names.taken(root))
        if old:
            slug = root["scenario"] if any(key.value == "scenario" for key, _ in root.pairs) else None
            own = slug.value if isinstance(slug, Scalar) else ""
            for reference in names.references(root, own, old, name, is_block=is_block):
                self._follow(reference)
        if is_block:
            self._rename_key(self._find(place), name)
        else:
            self.put(joined(place, "id"), name)

    def _follow(self, reference: names.Reference) -> None:
        """Changes what names a step or a block, where the place is one of the language."""
        found = self._find(reference.place)
        if reference.is_condition:
            is_meant = self.shape(found).is_condition
        else:
            is_meant = found.above is not None and self.shape(found.above).is_declared
        if is_meant:
            self._write(found, reference.value)

    def _rename_key(self, found: Found, name: str) -> None:
        key = found.own_key
        self._document.make(Edit(key.start, key.end, name), Meant("name", found.place, name))

    def _id_of(self, found: Found) -> str:
        if not isinstance(found.node, Mapping) or not self.shape(found).is_step:
            raise CannotEditError(f"{quoted(found.place)} is neither a step nor a block")
        node = next((value for key, value in found.node.pairs if key.value == "id"), None)
        return node.value if isinstance(node, Scalar) else ""

    def enable(self, place: str, enabled: bool) -> None:
        """See `Document.enable`."""
        found = self._find(place)
        if not isinstance(found.node, Mapping) or not self.shape(found).is_step:
            raise CannotEditError(f"{quoted(place)} is no step")
        if not enabled:
            self.put(joined(place, "enabled"), "false")
        elif any(key.value == "enabled" for key, _ in found.node.pairs):
            self._cut(self._find(joined(place, "enabled")))
