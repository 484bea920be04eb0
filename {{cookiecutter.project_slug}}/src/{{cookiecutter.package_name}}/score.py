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

    from .scoring import predict_split

    if config.trainer.threads is not None:
        torch.set_num_threads(config.trainer.threads)
    model, prepared = workspace.reads("models/network"), workspace.reads("data/prepared")
    with workspace.publishes("predictions/network") as folder:
        for split in SCORED:
            table = predict_split(model, prepared, split)
            table.save(folder / f"{split}.parquet")
            how = "" if table.fold is None else ", each by the network of its fold"
            print(f"score: {len(table.ids)} rows of {split}{how}")


if __name__ == "__main__":
    main()
