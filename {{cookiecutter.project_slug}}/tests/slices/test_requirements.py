from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.config.evaluation import Slice
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.slices.requirements import require_facts


def slice_of(where: str) -> Slice:
    return Slice("faint", where, "why not", 50, 0.05)


def test_the_named_facts_are_those_of_conditions_and_sensitive_columns(prepared: Path) -> None:
    from {{ cookiecutter.package_name }}.arrays import load_split
    from {{ cookiecutter.package_name }}.slices.facts import facts_of

    rows = load_split(prepared, "val")
    first, second = facts_of(prepared, rows.ids, rows.inputs).columns[:2]
    slices = [slice_of(f"\"{first}\" IS NULL AND target = 'x'"), slice_of("target != 'y'")]
    assert require_facts(prepared, slices, [second]) == {first, second, "target"}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("targt = 'x'", "faint: where: targt = 'x': targt: no such fact. Did you mean 'target'?"),
        ("target <", "faint: where: target <: no SQL condition"),
        ("target < 3", "faint: where: target < 3: "),
        ("COUNT(target) > 3", "expected a condition for each row"),
    ],
)
def test_a_condition_that_is_none_is_refused_by_its_slice(
    where: str, told: str, prepared: Path
) -> None:
    with pytest.raises(UserError) as refused:
        require_facts(prepared, [slice_of(where)], [])
    assert str(refused.value).startswith("evaluation.slices, faint")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_sensitive_column_that_rows_do_not_have_is_refused(prepared: Path) -> None:
    with pytest.raises(UserError, match=r"evaluation.sensitive: gender: no such fact\. .*Valid: "):
        require_facts(prepared, [], ["gender"])
