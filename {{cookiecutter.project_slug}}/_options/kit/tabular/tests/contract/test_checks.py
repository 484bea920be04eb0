from dataclasses import replace
from datetime import datetime

import pytest

from {{ cookiecutter.package_name }}.contract.checks import border, check_roles
from {{ cookiecutter.package_name }}.contract.contract import (
    Column,
    Contract,
    Kind,
    SplitRecord,
    Task,
)

CONTRACT = Contract(
    source="visits.csv",
    target="paid",
    task=Task.regression,
    columns={
        "day": Column(Kind.time),
        "week": Column(Kind.number),
        "person": Column(Kind.text),
        "paid": Column(Kind.number),
    },
)


def timed(val_from: str | None, test_from: str | None, time: str = "day") -> Contract:
    return replace(CONTRACT, time=time, split=SplitRecord(0, val_from, test_from))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-31", datetime(2026, 1, 31)),
        ("2026-01-31T12:00:00", datetime(2026, 1, 31, 12)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10)),
    ],
)
def test_times_at_which_a_part_begins_are_utc_as_those_of_the_rows(
    text: str, found: datetime
) -> None:
    assert border(timed(text, None), "val_from") == found


@pytest.mark.parametrize(
    ("contract", "message"),
    [
        (timed("15.1.2026", "2026-02-01"), "split.val_from=15.1.2026: expected an ISO 8601 time"),
        (timed("2026-01-01", "2026-13-01"), "split.test_from=2026-13-01: expected an ISO 8601"),
        (timed("1", "2026-01-01", "week"), "split.test_from=2026-01-01: expected a number"),
        (timed("7", "7", "week"), "split.val_from=7.0: expected less than test_from=7.0"),
        (replace(timed("1", "2"), group="person"), "group=person, time=day: the parts of a split"),
    ],
)
def test_a_split_in_time_that_cannot_be_is_refused(contract: Contract, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_roles(contract)
