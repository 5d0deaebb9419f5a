"""The contract, sentence by sentence, over both changes of the clocks of three zones.

“Local wall time with zoneinfo, computed when the timer fires: a time that does not exist moves to the next valid
minute, one that exists twice is the first.” In Berlin 02:00–03:00 is missing on 29 March 2026 and doubled on 25
October, in New York on 8 March and (01:00–02:00) on 1 November; on Lord Howe the half hour 02:00–02:30 is missing on
4 October, and 01:30–02:00 doubled on 5 April.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from scenarios_yaml.engine.state import World
from scenarios_yaml.engine.stimuli import TimePassed

BERLIN, YORK, HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
SPRING = {BERLIN: "2026-03-29", YORK: "2026-03-08", HOWE: "2026-10-04"}
AUTUMN = {BERLIN: "2026-10-25", YORK: "2026-11-01", HOWE: "2026-04-05"}
MAIL = "set email=a@b.co\n"
LETTER = "steps: [{email: {subject: Hi, body: x}}]"


def eve(day: str) -> str:
    return str(datetime.fromisoformat(day).date() - timedelta(days=1))


def morrow(day: str) -> str:
    return str(datetime.fromisoformat(day).date() + timedelta(days=1))


WAITS = [
    # zone, its day, the wall time waited for, when it comes that day and the next
    (BERLIN, SPRING, "02:30", "03:00", "02:30"),
    (BERLIN, SPRING, "02:00", "03:00", "02:00"),
    (BERLIN, SPRING, "03:00", "03:00", "03:00"),
    (BERLIN, AUTUMN, "02:30", "02:30", "02:30"),
    (BERLIN, AUTUMN, "10:00", "10:00", "10:00"),
    (YORK, SPRING, "02:30", "03:00", "02:30"),
    (YORK, AUTUMN, "01:30", "01:30", "01:30"),
    (HOWE, SPRING, "02:15", "02:30", "02:15"),
    (HOWE, AUTUMN, "01:45", "01:45", "01:45"),
]


class TestWaitAt:
    @pytest.mark.parametrize(("zone", "days", "wall", "first", "second"), WAITS)
    def test_once_a_day_at_the_next_valid_minute_or_the_first_of_two(
        self, proves, zone, days, wall, first, second
    ):
        day = days[zone]
        proves(
            f"steps: [{{wait: {{at: {wall}}}}}, {{say: One}}, {{wait: 1m}}, {{wait: {{at: {wall}}}}}, {{say: Two}}]",
            f"zone {zone}\nat {day} 00:10\nGo\nadvance 3d",
            f"{day} {first} say One\n{morrow(day)} {second} say Two",
        )

    @pytest.mark.parametrize(
        ("zone", "days", "hours"),
        [
            (BERLIN, SPRING, 23),
            (BERLIN, AUTUMN, 25),
            (YORK, SPRING, 23),
            (YORK, AUTUMN, 25),
            (HOWE, SPRING, 23.5),
        ],
    )
    def test_a_wall_time_keeps_its_hour_and_a_duration_its_length(self, play, zone, days, hours):
        visitor = play("steps: [{wait: {at: 10:00}}, {wait: 1m}, {wait: {at: 10:00}}, {say: x}]")
        visitor.world = World(timezone=zone)
        visitor.until(f"{eve(days[zone])} 09:00", zone)
        visitor.go()
        dues = []
        for _ in range(3):
            dues.append(visitor.state.next_wake())
            visitor.now = dues[-1]
            visitor.tell(TimePassed())
        assert (dues[2] - dues[0]) / 3_600_000 == hours

    def test_the_visitors_own_zone_where_the_scenario_says_so(self, proves):
        proves(
            "timezone: visitor\nsteps: [{wait: {at: 02:30}}, {say: Hi}]",
            f"zone {BERLIN}\nat 2026-03-08 00:10\nset timezone={YORK}\nGo\nadvance 2d",
            "2026-03-08 08:00 say Hi",
        )


class TestBroadcasts:
    @pytest.mark.parametrize(
        ("zone", "days", "cron", "moments"),
        [
            (BERLIN, SPRING, "30 2 * * *", ["02:30", "03:00", "02:30"]),
            (BERLIN, AUTUMN, "30 2 * * *", ["02:30", "02:30", "02:30"]),
            (YORK, SPRING, "30 2 * * *", ["02:30", "03:00", "02:30"]),
            (YORK, AUTUMN, "30 1 * * *", ["01:30", "01:30", "01:30"]),
            (HOWE, SPRING, "10 2 * * *", ["02:10", "02:30", "02:10"]),
            (HOWE, AUTUMN, "45 1 * * *", ["01:45", "01:45", "01:45"]),
            (BERLIN, SPRING, "0 10 * * *", ["10:00", "10:00", "10:00"]),
        ],
    )
    def test_cron_comes_once_a_day(self, proves, zone, days, cron, moments):
        day = days[zone]
        dates = (eve(day), day, morrow(day))
        proves(
            f"trigger: [{{schedule: '{cron}'}}]\nsteps: [{{say: Hi}}]",
            f"zone {zone}\nat {eve(day)} 00:00\nbroadcasts until {morrow(day)} 12:00",
            "\n".join(f"{date} {wall} say Hi" for date, wall in zip(dates, moments, strict=True)),
        )

    def test_several_that_fall_into_the_missing_hour_come_as_one(self, proves):
        proves(
            "trigger: [{schedule: '0,20,40 2 * * *'}]\nsteps: [{say: Hi}]",
            f"zone {BERLIN}\nat 2026-03-29 00:00\nbroadcasts until 2026-03-29 23:00",
            "2026-03-29 03:00 say Hi",
        )

    @pytest.mark.parametrize(
        ("zone", "written", "comes"),
        [
            (BERLIN, "2026-03-29 02:30", "2026-03-29 03:00"),
            (BERLIN, "2026-10-25 02:30", "2026-10-25 02:30"),
            (YORK, "2026-03-08 02:30", "2026-03-08 03:00"),
            (HOWE, "2026-10-04 02:10", "2026-10-04 02:30"),
        ],
    )
    def test_at(self, proves, zone, written, comes):
        proves(
            f"trigger: [{{at: {written}}}]\nsteps: [{{say: Hi}}]",
            f"zone {zone}\nbroadcasts until 2027-01-01 00:00",
            f"{comes} say Hi",
        )


class TestQuietHours:
    @pytest.mark.parametrize(
        ("zone", "days", "hours", "begun", "sent"),
        [
            (BERLIN, SPRING, "22:00-08:00", "23:00", "08:00"),
            (BERLIN, AUTUMN, "22:00-08:00", "23:00", "08:00"),
            (BERLIN, SPRING, "22:00-02:30", "23:00", "03:00"),
            (BERLIN, AUTUMN, "22:00-02:30", "23:00", "02:30"),
            (YORK, SPRING, "22:00-02:30", "23:00", "03:00"),
            (YORK, AUTUMN, "22:00-01:30", "23:00", "01:30"),
            (HOWE, SPRING, "22:00-02:15", "23:00", "02:30"),
        ],
    )
    def test_over_midnight_into_the_changing_hour(self, proves, zone, days, hours, begun, sent):
        day = days[zone]
        proves(
            LETTER,
            f"zone {zone}\nquiet {hours}\nat {eve(day)} {begun}\n{MAIL}Go\nadvance 2d",
            f"{day} {sent} email Hi",
        )

    def test_once_over_they_do_not_begin_again_in_the_doubled_hour(self, play, at):
        """They end at the first 02:30; at the second 02:10 it is not quiet."""
        visitor = play(LETTER)
        visitor.world = World(timezone=BERLIN, quiet_hours=("22:00", "02:30"))
        visitor.change(email="a@b.co")
        visitor.now = at("2026-10-25 02:10", BERLIN, 1)
        visitor.go()
        assert visitor.mails == ["Hi"]

    def test_begun_in_the_first_doubled_hour_they_last(self, play, at):
        """They begin at the first 02:30; at the second 02:10 it is quiet, and until 08:00."""
        visitor = play(LETTER)
        visitor.world = World(timezone=BERLIN, quiet_hours=("02:30", "08:00"))
        visitor.change(email="a@b.co")
        visitor.now = at("2026-10-25 02:10", BERLIN, 1)
        visitor.go()
        assert visitor.state.next_wake() == at("2026-10-25 08:00", BERLIN)


def instants(zone: str, day: str, *, step: int = 10) -> list[tuple[int, str]]:
    """All moments of a local day, `step` minutes apart, with what clocks show."""
    known = ZoneInfo(zone)
    at = datetime.fromisoformat(day).replace(tzinfo=known).astimezone(UTC)
    found = []
    while (local := at.astimezone(known)).date().isoformat() == day:
        found.append((int(at.timestamp() * 1000), f"{local:%H:%M}"))
        at += timedelta(minutes=step)
    return found


class TestConditions:
    """`now in` and `weekday in` as segments: entered and left at the right moments, and right at every minute."""

    @pytest.mark.parametrize(
        ("zone", "days", "hours", "enters", "leaves"),
        [
            (BERLIN, SPRING, "01:30-02:30", "01:30", "03:00"),
            (BERLIN, SPRING, "02:30-04:00", "03:00", "04:00"),
            (BERLIN, AUTUMN, "01:30-02:30", "01:30", "02:30"),
            (BERLIN, AUTUMN, "02:30-04:00", "02:30", "04:00"),
            (YORK, SPRING, "01:30-02:30", "01:30", "03:00"),
            (YORK, AUTUMN, "00:30-01:30", "00:30", "01:30"),
            (HOWE, SPRING, "01:30-02:15", "01:30", "02:30"),
            (HOWE, AUTUMN, "01:00-01:45", "01:00", "01:45"),
        ],
    )
    def test_now_in(self, proves, zone, days, hours, enters, leaves):
        day = days[zone]
        proves(
            f"steps: [{{tag: x}}]\n---\nsegment: hours\nconditions: [now in {hours}]",
            f"zone {zone}\nat {day} 00:00\nPage Viewed\nuntil {day} 23:00",
            f"{day} {enters} event Segment Entered\n{day} {leaves} event Segment Left",
        )

    @pytest.mark.parametrize("zone", [BERLIN, YORK, HOWE])
    @pytest.mark.parametrize("days", [SPRING, AUTUMN])
    def test_weekday_in(self, proves, zone, days):
        day = days[zone]
        proves(
            "steps: [{tag: x}]\n---\nsegment: sundays\nconditions:\n  - weekday in [sun]",
            f"zone {zone}\nat {eve(day)} 12:00\nPage Viewed\nadvance 5d",
            f"{day} 00:00 event Segment Entered\n{morrow(day)} 00:00 event Segment Left",
        )

    @pytest.mark.parametrize(
        ("zone", "days"), [(BERLIN, SPRING), (BERLIN, AUTUMN), (YORK, AUTUMN), (HOWE, AUTUMN)]
    )
    def test_hours_are_one_stretch_however_clocks_jump(self, play, zone, days):
        """Asked at every ten minutes of the day, `now in 01:00-02:30` changes twice."""
        visitor = play(
            "steps: [{if: [now in 01:00-02:30], then: [{set: {run.a: b}}], else: [{set: {run.a: c}}]}]"
        )
        visitor.world = World(timezone=zone)
        verdicts = []
        for at, _ in instants(zone, days[zone]):
            visitor.now = at
            visitor.go()
            verdicts.append(visitor.steps[-2].startswith("then"))
        assert sum(one != other for one, other in pairwise(verdicts)) == 2
        assert len(verdicts) in {138, 150, 147}

    @pytest.mark.parametrize(("zone", "days"), [(BERLIN, SPRING), (YORK, AUTUMN)])
    def test_business_hours_keep_their_wall_time(self, proves, zone, days):
        day = days[zone]
        proves(
            "steps: [{wait: {business_hours: next}}, {say: Open}]",
            f"zone {zone}\nhours 09:00-18:00\nat {eve(day)} 19:00\nGo\nadvance 1d",
            f"{day} 09:00 say Open",
        )
