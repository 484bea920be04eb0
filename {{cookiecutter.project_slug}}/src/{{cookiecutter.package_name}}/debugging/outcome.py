"""From the features of one example to the decision, and whether that is the stored one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..arrays import load_split
from ..config.kit import MODELS
from ..model import build
from ..predictor import Predictor
from ..runtime.errors import UserError, nearest
from ..schema import Manifest
from .layers import Numbers, shape_of, told, watch
from .recorded import CLOSE, agreement, find_records, named
from .recorded import told as told_records

SHOWN = 6  # numbers of the features
MOST_CLASSES = 20  # that are listed, the most probable of more
UNTRAINED = {"weights": None, "frozen_epochs": 0}  # of a pretrained network: state.ckpt has all

Stage = tuple[str, list[str]]


class Outcome:
    """What a model folder makes of one example.

    Args:
        model: the model folder; where the data have folds, those of their networks lie in it.
        prepared: data/prepared.
        manifest: of the prepared data.
        name: the example's id.
        part: the split that it is in, for the network of ``fold``.
        fold: whose network; None: the released one.

    Raises:
        UserError: when the model was trained on other data.
    """

    def __init__(
        self,
        model: Path,
        prepared: Path,
        manifest: Manifest,
        name: str,
        part: str,
        fold: int | None,
    ) -> None:
        own = model / f"fold-{fold}"
        self.folder = own if fold is not None and own.is_dir() else model
        self.predictor = Predictor(self.folder)
        self.predictor.require_own(manifest)
        self.manifest, self.name, self.part, self.fold = manifest, name, part, fold
        rows = load_split(prepared, part, fold)
        place = rows.ids.index(name)
        self.inputs = np.array(rows.inputs[place : place + 1])
        self.target = rows.targets[place]

    def stages(self, network: Path, baselines: Path, *, own: bool) -> list[Stage]:
        """Return features, layers, outputs, decision, and what was stored before.

        Args:
            network: predictions/network.
            baselines: predictions/baselines.
            own: whether those of the network are from this model.
        """
        passage = watch(load_network(self.folder, self.manifest, self.fold), self._batch())
        received = Numbers.of(passage.received)
        shown = ", ".join(f"{x:.4f}" for x in passage.received.flatten()[:SHOWN].tolist())
        features = [
            f"{str(passage.received.dtype).removeprefix('torch.')} {shape_of(received)}, as the "
            "first layer receives them",
            f"from {received.least:.4f} to {received.largest:.4f}, mean {received.mean:.4f}, "
            f"std {received.std:.4f}, NaN or infinite: {received.broken}",
            f"they begin with {shown}",
        ]
        output = self.predictor.predict(self.inputs)
        records = find_records(network, baselines, self.name)
        stored = told_records(records)
        if own:
            stored.append(agreement(records, self.part, self.fold, output[0]))
        else:
            stored.append("those of the network are from the pipeline's model, not from this one")
        return [
            ("features", features),
            ("layers", told(passage)),
            *self._outputs(passage.outputs, output),
            ("stored predictions", stored),
        ]

    def _batch(self) -> torch.Tensor:
        return torch.from_numpy(self.inputs)

    def _outputs(self, raw: torch.Tensor, output: Any) -> list[Stage]:
        """Return the network's own outputs, probabilities, and the decision."""
        classes, target = self.manifest.classes, named(self.manifest.classes, self.target)
        with torch.inference_mode():
            ours = (raw.softmax(dim=1) if classes else raw).numpy()
        same = np.allclose(ours, output, rtol=CLOSE, atol=CLOSE)
        program = "program.pt2, which predicts, says " + ("the same" if same else "SOMETHING ELSE")
        if not same:
            program += ": the folder's files are of two trainings, or model.py was edited since"
        if not classes:
            error = f"error {output[0] - self.target:+.6g} (prediction - target)"
            lines = [f"prediction {output[0]:.6g}, target {target}: {error}"]
            return [("value", [f"{raw[0].item():.6g}", program]), ("decision", lines)]
        listed = sorted(np.argsort(-output[0])[:MOST_CLASSES])
        width = max(len(classes[n]) for n in listed)
        logits = [f"{classes[n]:{width}}  {raw[0, n].item():+.4f}" for n in listed]
        chances = [f"{classes[n]:{width}}  {output[0][n]:.4f}" for n in listed]
        chances.append("softmax of the logits; no temperature is applied")
        best, second = np.argsort(-output[0])[:2]
        right = "right" if best == self.target else "WRONG"
        lead = output[0][best] - output[0][second]
        decision = [
            f"prediction {classes[best]}, target {target}: {right}",
            f"the most probable class, {lead:.4f} ahead of {classes[second]}; no threshold, and no "
            "row is left undecided",
        ]
        return [
            ("logits", [*logits, program]),
            ("probabilities", chances),
            ("decision", decision),
        ]


def load_network(folder: Path, manifest: Manifest, fold: int | None) -> nn.Module:
    """Build the network of a model folder by the code of today, with the weights of state.ckpt.

    Raises:
        UserError: when today's code builds another network than the one that was trained.
    """
    facts = Predictor(folder).facts["model"]
    kind = MODELS.get(facts["_target_"])
    if kind is None:
        target = facts["_target_"]
        raise UserError(f"{target}: no such network. {nearest(target, MODELS)}")
    try:
        choice: Any = kind(**facts)
        choice = replace(choice, **{k: v for k, v in UNTRAINED.items() if hasattr(choice, k)})
        network = build(choice, manifest, fold)
        state = torch.load(folder / "state.ckpt", weights_only=True, map_location="cpu")
        network.load_state_dict(state["state_dict"])
    except (RuntimeError, TypeError) as error:  # weights of other shapes, or fields that are gone
        told_first = " ".join(str(error).split()[:30])
        raise UserError(
            f"{folder}: trained with other code than model.py is now ({told_first} ...). "
            "`uv run dvc repro train` trains it anew."
        ) from error
    return network
