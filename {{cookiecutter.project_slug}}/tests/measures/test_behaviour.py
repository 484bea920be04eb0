import polars as pl

from {{ cookiecutter.package_name }}.measures.behaviour import behaviour
from {{ cookiecutter.package_name }}.stats.intervals import wilson


def rows(check: str, hard: bool, held: int, of: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "check": check,
            "kind": "invariance",
            "hard": hard,
            "id": [str(row) for row in range(of)],
            "held": [row < held for row in range(of)],
        }
    )


def test_a_hard_check_fails_by_one_row_and_a_soft_one_has_a_rate() -> None:
    table = pl.concat(
        [rows("order", True, 40, 40), rows("alone", True, 39, 40), rows("shift", False, 30, 40)]
    )
    order, alone, shift = behaviour(table, 0.95)
    assert (order["check"], order["passed"]) == ("order", True)
    assert (alone["check"], alone["passed"]) == ("alone", False)
    assert (shift["kind"], shift["passed"]) == ("invariance", None)
    assert shift["held"] == wilson(30, 40).as_dict()
