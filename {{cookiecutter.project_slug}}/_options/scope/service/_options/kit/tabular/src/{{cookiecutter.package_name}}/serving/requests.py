"""Rows of a request: read from JSON by the model's columns, and encoded as those of training."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from ..contract.contract import Kind
from ..predictor import Predictor
from ..schema import Table
from .encoder import Encoder
from .refusals import RefusedError, too_large, unreadable, wrong_type

JSON = "application/json"
LONGEST_VALUE = 80  # characters of one, in a message
KINDS: dict[str, Any] = {
    Kind.number.value: Annotated[float, Field(allow_inf_nan=False)] | None,
    Kind.category.value: str | int | Annotated[float, Field(allow_inf_nan=False)] | bool | None,
    Kind.boolean.value: bool | None,
}
EXPECTED = {
    Kind.number.value: "a number or null",
    Kind.category.value: "a text, a number or null",
    Kind.boolean.value: "true, false or null",
}


class Requests:
    """Reads requests for one model."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self.encoder = Encoder(predictor.features)
        fields = {name: _field(facts) for name, facts in predictor.columns.items()}
        row = _typed_dict("Row", fields)
        body = _typed_dict("Rows", {"rows": Annotated[list[row], Field(min_length=1)]})
        self.adapter: TypeAdapter[Any] = TypeAdapter(body)

    async def read(self, content_type: str, body: bytes, most: int) -> Table:
        """Return the rows of a request as the predictor takes them.

        Raises:
            RefusedError: 415 for another kind of content, 422 for rows that do not fit, 413 for
                more than ``most``.
        """
        if content_type.partition(";")[0].strip().lower() != JSON:
            raise wrong_type(content_type, JSON)
        try:
            rows = self.adapter.validate_json(body)["rows"]
        except ValidationError as error:
            raise self._explained(error) from None
        if len(rows) > most:
            raise too_large(f"{len(rows):,} rows", f"{most:,} (rows)")
        return self.encoder.encode(rows)

    def probe(self) -> Table:
        """Return a row without a value, which every model takes."""
        return self.encoder.encode([dict.fromkeys(self.predictor.columns)])

    def contents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what OpenAPI says of a request's body, and the schemas that this names."""
        schema = self.adapter.json_schema(ref_template="#/components/schemas/{model}")
        named = schema.pop("$defs")
        return {JSON: {"schema": schema}}, named

    def form(self) -> dict[str, Any]:
        """Return what the page asks for."""
        categories = {feature.name: feature.categories for feature in self.predictor.features}
        typical = self.predictor.facts["typical"]
        return {
            "kind": "rows",
            "fields": [
                {
                    "name": name,
                    "kind": facts["kind"],
                    "unit": facts["unit"] or "",
                    "categories": categories.get(name) or [],
                    "typical": typical.get(name),
                }
                for name, facts in self.predictor.columns.items()
            ],
        }

    def _explained(self, error: ValidationError) -> RefusedError:
        problems: list[dict[str, Any]] = []
        for one in error.errors(include_url=False):
            place, column = _placed(one["loc"])
            facts = self.predictor.columns.get(column)
            expected = EXPECTED[facts["kind"]] if facts else one["msg"]
            told: dict[str, Any] = {"place": place or "body", "expected": expected}
            if isinstance(one["input"], str | int | float):
                told["value"] = str(one["input"])[:LONGEST_VALUE]
            if told not in problems:
                problems.append(told)
        return unreadable(problems)


def _typed_dict(name: str, fields: dict[str, Any]) -> Any:
    """A type whose fields are known at run time only; their names may be any text."""
    return TypedDict(name, fields)  # pyrefly: ignore[not-callable]


def _field(facts: dict[str, Any]) -> Any:
    kind: Any = KINDS[facts["kind"]]
    return Annotated[kind, Field(description=facts["unit"])]


def _placed(location: tuple[int | str, ...]) -> tuple[str, str]:
    """How a place is written, and which column it is in: rows[3].age. Branches of unions go."""
    names, column = "", ""
    for depth, part in enumerate(location[:3]):
        if isinstance(part, int):
            names += f"[{part}]"
        else:
            names += f".{part}" if names else str(part)
            column = str(part) if depth == 2 else column
    return names, column
