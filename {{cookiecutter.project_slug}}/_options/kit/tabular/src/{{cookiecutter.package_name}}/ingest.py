"""Source -> data/raw: Parquet files with the rows as the source has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .config.kit import TaskChoice
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace
from .splits import Split

if TYPE_CHECKING:
    from .contract.contract import Contract
    from .table.agreement import Roles


@command
def main(config: Config, workspace: Workspace) -> None:
    """Bring a table into the project; by hand, write the contract of a new one too."""
    from .sources.finding import write_from
    from .table.agreement import FILE, agreed, require_own, table_name

    source, path, chosen = config.data.source, config.data.path, config.data.contract
    roles = {
        "target": config.data.target,
        "key": config.data.key,
        "group": config.data.group,
        "time": config.data.time,
    }
    task, split, digest = config.data.task, config.data.split, config.data.sha256
    by_hand = workspace.output != workspace.project
    name = table_name(chosen, source, path)
    file = workspace.project / "contracts" / f"{name}.yaml"
    contract, notes = None, [f"contracts/{name}.yaml stays as it is; `prepare` goes by it"]
    if by_hand and file.exists():
        agreed(file.parent, name, roles, task)  # refuses roles that it has no column for
    with workspace.publishes("data/raw") as raw:
        if source != FILE:
            write_from(source, raw, path, besides=FILE)
        else:
            if chosen is None and file.exists():
                require_own(file, str(path))
            bring(str(path), digest, raw, workspace)
        if by_hand and not file.exists():
            contract, notes = propose(raw, path or name, roles, task, split)
    if contract is not None:
        contract.save(file)
        notes.append(f"contracts/{name}.yaml says what the table must be: review and commit it")
    for note in notes if by_hand else ():
        print(f"ingest: {note}")


def bring(path: str, digest: str | None, raw: Path, workspace: Workspace) -> None:
    """Write what ``path`` names, a file, a folder or a URL, to ``raw`` as Parquet."""
    from .raw.fetching import fetch, is_url
    from .raw.writing import write_raw

    if is_url(path):
        source = fetch(path, digest, workspace.scratch / "download")
    else:
        source = (workspace.project / Path(path).expanduser()).resolve()
        own = workspace.project.resolve()
        if own.is_relative_to(source) or source.is_relative_to(own / "data"):
            raise UserError(f"data.path={path}: expected what the pipeline does not write to.")
    table = write_raw(source, raw)
    for note in table.notes:
        print(f"ingest: {note}")
    print(f"ingest: {table.rows} rows of {len(table.columns)} columns")


def propose(
    raw: Path, path: str, roles: Roles, task: TaskChoice, split: Split
) -> tuple[Contract, list[str]]:
    """Infer the contract of the table in ``raw``, and with what it is split."""
    from .contract.casting import typed
    from .contract.contract import SplitRecord, Task
    from .inference.inference import infer
    from .reading.opening import open_raw
    from .table.agreement import even_salt
    from .table.splitting import time_borders

    wanted = None if task is TaskChoice.contract else Task(task.value)
    table = open_raw(raw)
    contract, notes = infer(table, source=path, task=wanted, **roles)
    rows = typed(table, contract)
    if contract.time:
        record = SplitRecord(0, *time_borders(rows, contract, split))
    else:
        record = SplitRecord(even_salt(rows, contract, split))
    return replace(contract, split=record), notes


if __name__ == "__main__":
    main()
