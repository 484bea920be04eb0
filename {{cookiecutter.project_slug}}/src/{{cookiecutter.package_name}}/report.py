"""Everything -> reports/report.html and reports/model_card.md: what people read of a model."""

from __future__ import annotations

from .config import Config
from .runtime.command import command
from .runtime.composition import current_overrides, recorded_overrides
from .runtime.files import Workspace, write_text


@command
def main(config: Config, workspace: Workspace) -> None:
    """Write the report and the model card."""
    from .reporting.card import model_card
    from .reporting.material import Sources, gather
    from .reporting.page import render

    del config  # the report shows what is there
    sources = Sources(
        metrics=workspace.reads("reports/metrics.json"),
        leaks=workspace.reads("reports/audit.json"),
        model=workspace.reads("models/network"),
        prepared=workspace.reads("data/prepared"),
        network=workspace.reads("predictions/network"),
        baselines=workspace.reads("predictions/baselines"),
        records=workspace.given("records"),
        answers=workspace.given("docs/model_card.yaml"),
    )
    material = gather(sources, name=str(__package__), overrides=overrides_of(workspace))
    with workspace.publishes("reports/model_card.md") as file:
        write_text(file, model_card(material))
    with workspace.publishes("reports/report.html") as file:
        write_text(file, render(material))
    for name in ("reports/report.html", "reports/model_card.md"):
        print(f"report: {workspace.output / name}")


def overrides_of(workspace: Workspace) -> list[str]:
    """Return what differs from conf/ in the pipeline, or in a run by hand."""
    if workspace.output == workspace.project:
        return current_overrides()
    return recorded_overrides(workspace.project, workspace.output.name)


if __name__ == "__main__":
    main()
