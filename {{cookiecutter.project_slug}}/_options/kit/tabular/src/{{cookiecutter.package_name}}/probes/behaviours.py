"""What any model of a table should do, whatever it is about."""

from __future__ import annotations

from ..config.kit import Behaviour as Settings
from ..config.kit import Direction
from ..runtime.errors import UserError, nearest
from ..schema import Manifest
from . import changes, checks
from .checking import Behaviour


def behaviours_for(manifest: Manifest, settings: Settings) -> list[Behaviour]:
    """Return the checks that the data allow, and those that conf/evaluation declares.

    Raises:
        UserError: when a declared one names a number or a class that the data do not have.
    """
    numbers, categories = manifest.numbers, len(manifest.features) - manifest.numbers
    found = [*ALWAYS, *(OF_CLASSES if manifest.classes else OF_VALUES)]
    found += [*(OF_CATEGORIES if categories else []), *(OF_NUMBERS if numbers else [])]
    if numbers:
        found += TOWARDS_CLASSES if manifest.classes else TOWARDS_VALUES
    return found + [_declared(manifest, one) for one in settings.directional]


def _declared(manifest: Manifest, one: Direction) -> Behaviour:
    place = "evaluation.behaviour.directional"
    names = [feature.name for feature in manifest.features[: manifest.numbers]]
    if one.feature not in names:
        hint = nearest(one.feature, names)
        raise UserError(f"{place}: feature={one.feature}: no number of the table. {hint}")
    options = manifest.classes or ["null"]
    if (one.raises or "null") not in options:
        hint = nearest(one.raises or "null", options)
        raise UserError(f"{place}, {one.feature}: raises={one.raises}: {hint}")
    raised = f"the probability of {one.raises}" if manifest.classes else manifest.target
    return Behaviour(
        f"more {one.feature} does not lower {raised}",
        "directional",
        False,
        f"declared in conf/evaluation: {one.feature} grows by one standard deviation",
        changes.Growing(names.index(one.feature), one.raises),
    )


ALWAYS = [
    Behaviour(
        "a row of missing values gets a valid answer",
        "minimum functionality",
        True,
        "a form that nobody filled in must not break what reads the answer",
        changes.all_missing,
    ),
    Behaviour(
        "a row alone is answered as among others",
        "invariance",
        True,
        "a service gets rows one by one, and the numbers here come from batches",
        checks.alone,
    ),
    Behaviour(
        "the order of rows does not matter",
        "invariance",
        True,
        "what stands next to a row says nothing about it",
        checks.in_any_order,
    ),
]
OF_CLASSES = [
    Behaviour(
        "typical rows are recognised",
        "minimum functionality",
        False,
        "what is most like its class is the easiest case there is",
        changes.typical,
    ),
]
OF_VALUES = [
    Behaviour(
        "the highest and the lowest are told apart",
        "minimum functionality",
        False,
        "rows with the largest targets lie above the mean, those with the smallest below",
        changes.extremes,
    ),
]
OF_CATEGORIES = [
    Behaviour(
        "an unseen category counts as a missing one",
        "invariance",
        True,
        "of a category that training never saw, no more is known than of none",
        changes.unseen_as_missing,
    ),
]
OF_NUMBERS = [
    Behaviour(
        "tiny noise changes no decision",
        "invariance",
        False,
        f"noise of {changes.NOISE:.0%} of a standard deviation is less than most rounding",
        changes.tiny_noise,
    ),
]
TOWARDS_CLASSES = [
    Behaviour(
        "nearer to its class is not less likely",
        "directional",
        False,
        "a row that becomes more like its class should not lose its probability",
        changes.towards_class,
    ),
]
TOWARDS_VALUES = [
    Behaviour(
        "nearer to high targets is higher",
        "directional",
        False,
        "a row that becomes more like those with the largest targets should be predicted higher",
        changes.towards_high,
    ),
]
