"""What breaks a contract, in the words of somebody who has to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from .findings import UNIQUE, Example, Violation

MOST_VIOLATIONS = 14  # in a message, which then has at most 20 lines
MOST_EXAMPLES = 3
LONGEST_VALUE = 40  # characters


def explain(violations: Sequence[Violation], source: str) -> str:
    """Return one message about all ``violations`` of the table from ``source``."""
    shown = [f"  {_describe(each)}" for each in violations[:MOST_VIOLATIONS]]
    more = len(violations) - len(shown)
    if more:
        shown.append(f"  and {more} more of such")
    several = f"{len(violations)} rules" if len(violations) > 1 else "a rule"
    return "\n".join(
        [f"{source}: breaks {several} of the data contract:", *shown, _advice(violations)]
    )


def _describe(violation: Violation) -> str:
    rows = f"{violation.rows:,} row{'s' if violation.rows > 1 else ''}"
    line = f"{violation.column}: {violation.rule}: expected {violation.expected}; {rows}"
    examples = ", ".join(_show(each) for each in violation.examples[:MOST_EXAMPLES])
    return f"{line}: {examples}" if examples else line


def _show(example: Example) -> str:
    value = example.value
    if len(value) > LONGEST_VALUE:
        value = value[: LONGEST_VALUE - 3] + "..."
    where = f"{example.file} row {example.row}" if example.file else f"row {example.row}"
    return f"{where} has {value!r}"


def _advice(violations: Sequence[Violation]) -> str:
    rules = {each.rule for each in violations}
    advice = [
        "Correct the source, or what the contract says of the column where the data are right"
    ]
    if "type" in rules:
        advice.append("kind: category takes any text")
    if UNIQUE in rules:
        advice.append("key: null tells rows apart by their content")
    if not any(each.of_table for each in violations):
        advice.append("data.on_bad=quarantine sets these rows aside")
    return "; ".join(advice) + "."
