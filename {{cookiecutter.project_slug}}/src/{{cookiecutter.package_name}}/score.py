"""models/network + data/prepared -> predictions/network: what the model says of each row."""

from __future__ import annotations

import json

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace

SCORED = ("val", "test")


@command
def main(config: Config, workspace: Workspace) -> None:
    """Predict the validation and the test split, and rows on which the model is put to the test."""
    import torch

    from .probes.network import Probes
    from .scoring import load_networks, predict_rows
    from .slices.facts import sensitive_of
    from .slices.requirements import require_facts

    if config.trainer.threads is not None:
        torch.set_num_threads(config.trainer.threads)
    model, prepared = workspace.reads("models/network"), workspace.reads("data/prepared")
    networks = load_networks(model, prepared)
    probes = Probes(prepared, config.evaluation.robustness, config.evaluation.behaviour)
    named = require_facts(prepared, config.evaluation.slices, config.evaluation.sensitive)
    with workspace.publishes("predictions/network") as folder:
        for split in SCORED:
            table = predict_rows(networks, prepared, split, named)
            table.save(folder / f"{split}.parquet")
            how = "" if table.fold is None else ", each by the network of its fold"
            print(f"score: {len(table.ids)} rows of {split}{how}")
        sensitive = json.dumps(sensitive_of(prepared)) + "\n"
        (folder / "sensitive.json").write_text(sensitive, "utf-8", newline="\n")
        predicts = {fold: network.predict for fold, network in networks.items()}
        for name, probed in probes.of(predicts).items():
            probed.write_parquet(folder / f"{name}.parquet")
            print(f"score: {len(probed)} predictions of {name} rows")


if __name__ == "__main__":
    main()
