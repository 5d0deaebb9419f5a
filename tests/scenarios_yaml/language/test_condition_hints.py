"""What people write before they know the language: each line is refused with the hint at what it should be."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.reader import read_scenario

# A line with its mark « where the mistake is, and a piece of the hint.
LINES = [
    ("email «known", "did you mean “is known”?"),
    ("email not «known", "did you mean “is not known”?"),
    ("email «exists", "did you mean “is known”?"),
    ("email «isnt known", "did you mean “is not”?"),
    ("email is not«", "for example email is known"),
    ("email«", "for example = 5, is known"),
    ("«is known", "a path stands before it"),
    ("not «email is known", "did you mean “email is not known”?"),
    ("visitor.vip is «yes", "did you mean “true”?"),
    ("city = «“Prague”", "only straight quotes"),
    ("name = Ann «Lee", "stands in quotes"),
    ("cart.total =«> 3000", "did you mean “>=”?"),
    ("cart.total > 3 «000", "a number has no spaces and no commas"),
    ("cart.total > 3«,000", "a number has no spaces and no commas"),
    ("cart.total > 3000 «EUR", "a number stands alone"),
    ("cart.total «between 5 and 10", "two lines, one with >="),
    ("cart.total «over 5", "did you mean “>”?"),
    ("cart.total > 5 «or visits > 1", "under “any:”"),
    ("cart.total > 5 «and visits > 1", "a line of its own"),
    ("device = mobile «or tablet", "in [a, b]"),
    ("device in «mobile, tablet", "for example [mobile, tablet]"),
    ("city in [Moscow; «Prague]", "a comma stands between"),
    ("page.path starts «/checkout", 'for example starts with "/checkout"'),
    ('page.path «begins with "/a"', "did you mean “starts with”?"),
    ("page.path «like /a*", "did you mean “matches”?"),
    ("visits«", "for example visits > 3"),
    ("visits «more than 3", "did you mean “>”?"),
    ("visits «at least 3", "did you mean “>=”?"),
    ("did order_completed «more than 3 times", "did you mean “>”?"),
    ("did order_completed in «last 30 days", "did you mean “in 30d”?"),
    ("sum(order_completed.total) > 100«", "in 30d"),
    ("«has ordered", "did order_completed"),
    ("«ordered", "did order_completed"),
    ("«tag vip", "tagged vip"),
    ("tagged big «spender", "a tag has no spaces: big-spender"),
    ("«segment vip", "in segment"),
    ("«in vip", "in segment"),
    ("in segment «Big Spenders", "for example big-spenders"),
    ("received «Abandoned cart in 7d", "for example abandoned-cart"),
    ("opened«", "for example received"),
    ("«last visit more than 7d ago", "did you mean “last_visit more than 7d ago”?"),
    ("last_visit «> 7d ago", "did you mean “last_visit more than 7d ago”?"),
    ("first_visit «< 1h ago", "did you mean “first_visit less than 1h ago”?"),
    ("weekday «= mon", "weekday in [mon, tue]"),
    ("now in «9:00-18:00", "did you mean “now in 09:00-18:00”?"),
    ("now «between 09:00 and 18:00", "did you mean “now in 09:00-18:00”?"),
    ("operators «> 0", "operators online > 0"),
    ("operators online«", "operators online > 0"),
    ("«true", "for example cart.total > 0"),
    ("«5", "it begins with a path"),
]

BARE = [
    ("«total > 3000", "did you mean “cart.total” or “order.total”?"),
    ("«items is empty", "did you mean “cart.items”?"),
    ("«url contains sale", "did you mean “page.url”?"),
    ("«section = lamps", "did you mean “page.section”?"),
    ("«birthday is known", "did you mean “visitor.birthday”?"),
    ("«code is known", "did you mean “run.code”?"),
    ("«price > 100", "did you mean “event.price”?"),
    ("«utm is known", "did you mean “session.utm”?"),
    ("«whatever = 1", "did you mean “visitor.whatever” or “event.whatever”?"),
    ("«emial is known", "did you mean “email”?"),
    ("«City = Prague", "did you mean “city”?"),
    ("«visitr.plan = gold", "did you mean “visitor.plan”?"),
    ("«cart > 3000", "for example cart.total or cart.items"),
]


def refused(marked: str) -> ConditionError:
    line = marked.replace("«", "")
    with pytest.raises(ConditionError) as caught:
        parse_condition(line, {})
    assert caught.value.offset == marked.index("«"), str(caught.value)
    return caught.value


class TestWhatPeopleWrite:
    @pytest.mark.parametrize(("marked", "hint"), LINES)
    def test_is_refused_with_what_was_meant(self, marked, hint):
        assert hint in refused(marked).hint

    @pytest.mark.parametrize(("marked", "hint"), BARE)
    def test_a_bare_name_is_told_where_it_lives(self, marked, hint):
        assert hint in refused(marked).hint


class TestWordsThatAreNoValues:
    """They can be compared, and that is hardly what was meant: a warning at the word."""

    @pytest.mark.parametrize(
        ("marked", "hint"),
        [
            ("cart.items = «empty", "did you mean “is empty”?"),
            ("email != «null", "did you mean “is known”?"),
            ("email = «none", "did you mean “is unknown”?"),
            ("visitor.vip = «yes", "did you mean “true”?"),
        ],
    )
    def test_are_a_warning(self, small, marked, hint):
        problem = small.one_problem(small.file(head=f"audience:\n  - {marked}\n"))
        assert problem.severity == "warning"
        assert hint in problem.hint

    def test_in_quotes_they_are_words(self, small):
        assert read_scenario(small.file(head='audience:\n  - visitor.size = "empty"\n')).problems == ()


class TestWhatAHashHides:
    """What follows ` #` is a comment, also where somebody has written “#1”."""

    def test_in_a_condition(self, small):
        problem = small.one_problem(small.file(head="audience:\n  - «page.title contains x #1\n"))
        assert problem.message == "“#1” would be lost: it is a comment"

    def test_in_a_reason(self, small):
        problem = small.one_problem(small.file("  - stop: «Order #1\n"))
        assert problem.hint == "put the text in quotes: what follows ` #` is a comment"

    def test_a_comment_has_a_space_and_is_read_past(self, small):
        text = small.file("  - stop: done # at last\n", "audience:\n  - visits > 1   # not the first\n")
        assert read_scenario(text).problems == ()

    def test_a_text_that_is_all_comment(self, small):
        problem = small.one_problem(small.file("  - say:« #1 shop\n"))
        assert "what follows ` #` is a comment" in problem.hint
