"""models/network + data/prepared -> predictions/network: what the model says of each row."""

from __future__ import annotations

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace

SCORED = ("val", "test")


@command
def main(config: Config, workspace: Workspace) -> None:
    """Predict the validation and the test split."""
    import torch

    from .arrays import load_split
    from .predictions import Predictions
    from .predictor import Predictor
    from .schema import Manifest

    if config.trainer.threads is not None:
        torch.set_num_threads(config.trainer.threads)
    predictor = Predictor(workspace.reads("models/network"))
    prepared = workspace.reads("data/prepared")
    predictor.require_own(Manifest.load(prepared))
    with workspace.publishes("predictions/network") as folder:
        for split in SCORED:
            rows = load_split(prepared, split)
            probabilities = predictor.predict(rows.inputs)
            Predictions(rows.ids, predictor.classes, rows.targets, probabilities).save(
                folder / f"{split}.parquet"
            )
            print(f"score: {len(rows.ids)} rows of {split}")


if __name__ == "__main__":
    main()
