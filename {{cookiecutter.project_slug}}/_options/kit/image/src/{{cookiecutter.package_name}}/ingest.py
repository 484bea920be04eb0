"""Source -> data/raw: image files in one folder per class."""

from __future__ import annotations

import shutil
from pathlib import Path

from .config import Config
from .progress import progress
from .runtime.command import command
from .runtime.errors import UserError, nearest
from .runtime.files import Workspace, files_below

FOLDER = "folder"  # the source that is no code
MOST_CLASSES = 10  # in a message
SPLIT_NAMES = {"train", "training", "val", "valid", "validation", "test", "testing"}


@command
def main(config: Config, workspace: Workspace) -> None:
    """Bring raw images into the project."""
    from .sources.finding import write_from

    source, path = config.data.source, config.data.path
    with workspace.publishes("data/raw") as raw:
        if source == FOLDER:
            copy_folder(_find_folder(path, workspace.project), raw)
        else:
            write_from(source, raw, path, besides=FOLDER)
        classes = [folder for folder in raw.iterdir() if folder.is_dir()]
        images = sum(len(files_below(folder)) for folder in classes)
    some = ", ".join(sorted(folder.name for folder in classes)[:MOST_CLASSES])
    more = ", ..." if len(classes) > MOST_CLASSES else ""
    print(f"ingest: {images} images in {len(classes)} classes: {some}{more}")


def copy_folder(source: Path, destination: Path) -> None:
    """Copy the images below ``source``, one folder per class; other files are left behind.

    Raises:
        UserError: when ``source`` is not laid out so, or a file cannot be read.
    """
    from .schema import IMAGE_SUFFIXES

    files = files_below(source)
    images = [f for f in files if f.suffix.lower() in IMAGE_SUFFIXES and f.is_file()]
    images = [file for file in images if file.parent != source]
    _check_classes(source, {file.relative_to(source).parts[0] for file in images})
    for file in progress(images, "ingest"):
        target = destination / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(file, target)
        except OSError as error:
            raise UserError(f"{file}: cannot be read ({error.strerror}).") from error
    kinds = sorted({file.suffix or "no suffix" for file in {*files} - {*images}})
    if kinds:
        print(
            f"ingest: left {len(files) - len(images)} files behind ({', '.join(kinds[:5])}): in no "
            "class folder, or no images by their names"
        )


def _check_classes(source: Path, classes: set[str]) -> None:
    if classes and {name.lower() for name in classes} <= SPLIT_NAMES:
        raise UserError(
            f"data.path={source}: its folders {', '.join(sorted(classes))} are named like splits, "
            "not like classes. Put the classes of all of them into one folder: `prepare` splits."
        )
    if len(classes) < 2:
        found = f"only {classes.pop()}/" if classes else "no folder"
        raise UserError(
            f"data.path={source}: expected one folder per class, at least two, each with images; "
            f"{found} there has any."
        )


def _find_folder(path: str | None, project: Path) -> Path:
    if path is None:
        raise UserError(
            "data.path=null: expected a folder that holds one folder of images per class."
        )
    folder, own = (project / Path(path).expanduser()).resolve(), project.resolve()
    if own.is_relative_to(folder) or folder.is_relative_to(own / "data"):
        raise UserError(f"data.path={path}: expected a folder that the pipeline does not write to.")
    if not folder.is_dir():
        siblings = (
            [item.name for item in folder.parent.glob("[!.]*/")] if folder.parent.is_dir() else []
        )
        hint = f" {nearest(folder.name, siblings)}" if siblings else ""
        raise UserError(f"data.path={path}: no such folder ({folder}).{hint}")
    return folder


if __name__ == "__main__":
    main()
