"""Write docs/options.md from cookiecutter.json: every question, its answers, what each lays over.

`python scripts/options.py` writes the page, `--check` says whether it is stale.
"""

import json
import re
import sys
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
PROJECT = TEMPLATE / "{{cookiecutter.project_slug}}"
PAGE = TEMPLATE / "docs" / "options.md"
HEAD = """\
# Options

Written from `cookiecutter.json` by `python scripts/options.py`; a test compares.

Cookiecutter asks these questions in this order. An answer may be given with the command;
`--no-input` takes the default for the rest:

```bash
uvx cookiecutter gh:org/ml-starter --no-input {answers}
```

An answer that is none of a question's is refused. A question that does not exist (`licence=MIT`)
is dropped by cookiecutter without a word. Names and texts are checked before a file is written:
[messages of the hooks](commands.md#messages-of-the-hooks).
"""
TEXTS = """
## Names and texts

| question | what is asked | default |
|---|---|---|
"""
CHOICE = """
## {question}

{asked}.

| {question}= | what it is | what it lays over the base project |
|---|---|---|
"""
FOLLOWS = re.compile(r"cookiecutter\.(\w+)")


def cell(text):
    """Text as it may stand in a cell of a table."""
    return text.replace("|", "\\|")


def overlays(question, answer):
    """The folders that an answer lays, each with the other answers that it needs."""
    base = PROJECT / "_options"
    for folder in sorted(base.glob(f"**/{question}/{answer}")):
        names = folder.relative_to(base).parts
        if folder.parent.parent.name == "_options":  # else a folder of the project's own
            pairs = zip(names[:-2:3], names[1:-2:3], strict=True)
            needed = [f"{key}={value}" for key, value in pairs]
            yield folder.relative_to(PROJECT).as_posix(), needed


def laid(question, answer):
    """The cell that names the folders of an answer."""
    parts = []
    for folder, needed in sorted(overlays(question, answer), key=lambda one: len(one[1])):
        condition = f"with `{' '.join(needed)}`: " if needed else ""
        parts.append(f"{condition}`{folder}`")
    return "; ".join(parts) or "nothing"


def default_of(value):
    """A default as a reader sees it: itself, or what it follows from."""
    source = FOLLOWS.search(value)
    return f"follows from `{source[1]}`" if source else f"`{cell(value)}`"


def answers_of(question, answers, prompts):
    """The section of a question with a fixed set of answers; the first one is the default."""
    texts = prompts.get(question, {})
    yield CHOICE.format(question=question, asked=cell(texts.get("__prompt__", question)))
    for answer in answers:
        meaning = texts.get(answer, answer).removeprefix(f"{answer}: ")
        shown = f"`{answer}`" + (" (default)" if answer == answers[0] else "")
        yield f"| {shown} | {cell(meaning)} | {laid(question, answer)} |\n"


def page(questions):
    """The whole page."""
    prompts = questions["__prompts__"]
    asked = {key: value for key, value in questions.items() if not key.startswith("_")}
    choices = {key: value for key, value in asked.items() if isinstance(value, list)}
    others = [f"{key}={answers[-1]}" for key, answers in choices.items() if len(answers) > 1]
    yield HEAD.format(answers=" ".join(others[:2]))
    yield TEXTS
    for key in (key for key in asked if key not in choices):
        yield f"| `{key}` | {cell(prompts.get(key, key))} | {default_of(asked[key])} |\n"
    for key, answers in choices.items():
        yield from answers_of(key, answers, prompts)


def main():
    """Write the page, or with --check say that it is stale."""
    questions = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    text = "".join(page(questions))
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        sys.exit("docs/options.md is stale. Write it anew: python scripts/options.py")


if __name__ == "__main__":
    main()
