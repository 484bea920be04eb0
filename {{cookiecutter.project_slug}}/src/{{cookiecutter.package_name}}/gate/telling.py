"""What people see of a decision."""

from __future__ import annotations

from typing import Any

from .registry import ANCHOR, CHALLENGER, CHAMPION, Registry


def tell(content: dict[str, Any], metric: str, file: str) -> None:
    """Print a decision: the verdict, the numbers, each guard, and what is in use now."""
    challenger, champion = content["challenger"]["version"], content["champion"]
    print(f"gate: {content['verdict']}: {content['why']}")
    shown = _points if metric == "accuracy" else _amount
    lead, rows = shown(content["difference"]), content["rows"]
    level = f"{100 * content['level']:.4g}% interval"
    print(f"gate: version {challenger} against {content['against']}: {lead}, {level}, {rows} rows")
    if content["to_anchor"]:
        print(f"gate: against the best so far: {shown(content['to_anchor'])}")
    if content["churn"]:
        print(f"gate: decides {100 * content['churn']['value']:.1f}% of the rows otherwise")
    for guard in content["guards"]:
        print(f"gate:   {guard['name']:<12} {guard['state']:<13} {guard['told']}")
    if champion == challenger:
        print(f"gate: version {challenger} is the champion now")
    elif champion:
        print(f"gate: version {champion} stays the champion")
    print(f"gate: recorded in {file}; commit it")


def tell_in_use(registry: Registry) -> None:
    """Print which versions have a name."""
    named = {alias: registry.in_use(alias) for alias in (CHAMPION, CHALLENGER)}
    named[ANCHOR] = registry.anchor()
    for name, version in named.items():
        if version is None:
            print(f"gate: {name:<10} none")
        else:
            told = f"{version.tags.get('verdict', '')} by {version.tags.get('decided_by', '?')}"
            print(f"gate: {name:<10} version {version.number}, model {version.model_hash}, {told}")


def _points(difference: dict[str, Any]) -> str:
    value, low, high = (100 * difference[key] for key in ("value", "low", "high"))
    return f"{value:+z.1f} points [{low:+z.1f}, {high:+z.1f}]"


def _amount(difference: dict[str, Any]) -> str:
    value, low, high = (difference[key] for key in ("value", "low", "high"))
    return f"an error smaller by {value:.3g} [{low:.3g}, {high:.3g}]"
