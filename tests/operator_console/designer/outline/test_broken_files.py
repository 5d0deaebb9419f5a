"""Files with mistakes: what could be read is shown, and what could not stands there as it is written."""

from __future__ import annotations

import pytest

from operator_console.designer.outline.rows import outline
from scenarios_yaml.language.editing.document import Document
from tests.operator_console.designer.outline.conftest import HEAD, Tell, drawn, library


class TestMistakes:
    def test_the_rest_of_the_tree_stays(self, tell: Tell) -> None:
        rows = tell("""scenario: bad
title: Bad
triger:
  - event: X
trigger:
  - event: Exit Intent
    where:
      - page.path begins "/x"
      - email is known
  - inactive: soon
audience:
  - emial is known
exit: never
goal: {event: Order Completed}
steps:
  - sayy: Hello
    options:
      - label: A
        steps:
          - say: inside
  - wait: soon
  - just text
  - say:
  - if:
      - email is known
      - nonsense
    then:
      - stop: x
blocks:
  Ü:
    - say: in it
""")
        assert drawn(rows)[1:] == [
            "triger: …",
            "When: Exit Intent",
            '  page.path begins "/x"',
            "  and email known",
            "or when: no visit for …",
            "Only for: emial is known",
            "exit: never",
            "Goal: Order Completed within …",
            "What happens",
            "  sayy: Hello",
            "    options:",
            "      label: A",
            "        steps:",
            "          chat message “inside”",
            "  after …",
            "  just text",
            "  chat message …",
            "  if all of these hold:",
            "    email known",
            "    and nonsense",
            "    then:",
            "      end: x",
            "Block Ü",
            "  chat message “in it”",
        ]
        broken = [row.place for row in rows if row.kind == "broken"]
        assert broken[:4] == ["triger", "trigger.0.where.0", "audience.0", "exit"]
        assert all(row.problems for row in rows if row.place in broken and row.place.count(".") < 2)

    def test_what_stands_in_the_head_and_is_not_understood_is_shown_as_it_stands(self, tell: Tell) -> None:
        rows = tell("""scenario: a
title: A
timezone: Berlin
parameters: none
reentry: once
delivery: [fast]
holdout: 0.1
blocks: [a]
""")
        assert drawn(rows)[1:] == [
            "timezone: Berlin",
            "parameters: none",
            "reentry: once",
            "delivery: …",
            "holdout: 0.1",
            "blocks: - a",
        ]
        assert {row.kind for row in rows[1:]} == {"broken"}

    def test_more_mistakes_than_a_reader_lists(self, tell: Tell) -> None:
        rows = tell(HEAD + "steps:\n" + "  - wait: soon\n" * 300)
        assert sum(row.text == "after …" for row in rows) == 300

    def test_more_marks_than_a_file_may_have(self, tell: Tell) -> None:
        rows = tell(HEAD + "steps:\n" + '  - say: "{{ visitor.name }}{{ visitor.city }}"\n' * 1500)
        assert rows[-1].text == "chat message “{name}{city}”"


class TestWhatIsNoYaml:
    def test_a_line_that_yaml_cannot_take_stands_in_its_place(self, tell: Tell) -> None:
        rows = tell(HEAD + "steps:\n  - say: hello: you\n  - say: second\n")
        assert drawn(rows)[2:] == ["What happens", "- say: hello: you", "  chat message “second”"]
        (broken,) = (row for row in rows if row.kind == "broken")
        assert (broken.line, [problem.line for problem in broken.problems]) == (6, [6])

    def test_quotation_marks_that_are_not_closed_keep_what_stands_above(self, tell: Tell) -> None:
        rows = tell(HEAD + 'steps:\n  - say: first\n  - say: "open\n  - say: third\n')
        assert drawn(rows)[2:] == ["What happens", "  chat message “first”", '  - say: "open']

    @pytest.mark.parametrize(
        "text",
        ["", ": - : [", "- a\n- b\n", "just words", "\ufeff", "\x00", "a: &b c\nd: *b\n", "{{", "steps:"],
    )
    def test_no_text_is_too_broken(self, tell: Tell, text: str) -> None:
        rows = tell(text)
        assert rows[0].place == ""
        assert all(row.text for row in rows)

    @pytest.mark.parametrize("path", library()[::6], ids=lambda path: path.stem)
    def test_every_beginning_of_a_file_is_shown(self, path) -> None:
        text = path.read_text(encoding="utf-8")
        for end in range(0, len(text), max(len(text) // 25, 1)):
            rows = outline(Document(text[:end]), "en")
            assert rows[0].depth == 0


class TestHostileText:
    def test_what_a_file_says_reaches_no_terminal_as_a_command(self, tell: Tell) -> None:
        rows = tell(r"""scenario: a
title: "\e]0;owned\aTitle\u202e"
trigger:
  - event: "\e[2JEvent"
audience:
  - visitor.city = "\e[31m"
steps:
  - say: "\e[2J\e]52;c;AAAA\aHello"
    id: a
  - tag: "\e[2J"
  - "key\e[2J": "\e[2J"
""")
        for row in rows:
            assert row.text.replace("\u00a0", " ").isprintable()

    def test_a_long_text_is_one_short_line(self, tell: Tell) -> None:
        row = tell(HEAD + "steps:\n  - say: |\n      " + "word " * 5000 + "\n      second line\n")[-1]
        assert len(row.text) < 200
        assert "second" not in row.text
