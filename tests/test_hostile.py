"""Strange answers: each gives a valid project, or a refusal that leaves nothing behind."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from cookiecutter.exceptions import FailedHookException
from jinja2 import UndefinedError

from support import BUILD, NASTY, PROJECT, QUESTIONS, TEMPLATE, assert_project_is_valid, bake

LONG = 200 * "a"

ACCEPTED = {
    "quotes": {"project_name": """The "best" 'model' \"\"\" '''"""},
    "braces": {"project_name": "braces {a} }b{ {}"},
    "unicode": {"project_name": "Größe 日本 🎉"},
    "path separators": {"project_name": "../../a/b\\c"},
    "two hundred characters": {"project_name": LONG, "author": LONG, "description": LONG},
    "two hundred characters in words": {"project_name": 39 * "word " + "words"},
    "metacharacters": {"description": NASTY, "author": NASTY, "project_name": "a " + NASTY},
    "yaml document": {"description": "--- !!python/object:os.system", "author": "&a *a"},
    "toml table": {"description": '"""\\', "author": '"]} [tool.x]'},
    "html": {"description": "</p><script>alert(1)</script>", "author": "<!-- -->"},
    "arithmetic in jinja": {"project_name": "p {{ 7*7 }}"},
    "raw jinja": {"description": "{% raw %}{{ cookiecutter.x }} {% if %}{% endraw %}"},
    "shortest name": {"project_slug": "a", "package_name": "a"},
    "longest name": {"project_slug": "z" * 40, "package_name": "z" * 40},
    "longest name of tables": {
        "kit": "tabular",
        "project_slug": "z" * 40,
        "package_name": "z" * 40,
    },
    "foreign address": {
        "email": "jörg+ml@exämple.co.jp",
        "org": "group/sub.group_1",
        "ci": "gitlab",
    },
    "name of a stage": {"project_slug": "train"},
    "soft keyword": {"project_slug": "match"},
}
REFUSED = {
    "leading digit": ({"project_name": "123 go"}, "ml-123-go"),
    "nothing but digits": ({"project_name": "{{ 7*7 }}"}, "ml-49"),
    "keyword": ({"project_slug": "class"}, "ml-class"),
    "keyword in the package": ({"package_name": "lambda"}, "ml_lambda"),
    "standard library": ({"project_name": "Asyncio"}, "ml-asyncio"),
    "dependency": ({"project_name": "torch"}, "ml-torch"),
    "dependency of a dependency": ({"project_slug": "omegaconf"}, "ml-omegaconf"),
    "import name": ({"package_name": "sklearn"}, "ml_sklearn"),
    **{
        f"folder {name}": ({"package_name": name}, f"ml_{name}")
        for name in ("test", "tests", "tools", "project_tools", "src", "conf", "data")
    },
    "test module": ({"package_name": "test_layers"}, "ml_test_layers"),
    "windows device": ({"project_slug": "con"}, "ml-con"),
    "upper case": ({"project_slug": "MyProject"}, "ml-myproject"),
    "hyphen in the package": ({"package_name": "my-package"}, "ml_my_package"),
    "unicode package": ({"package_name": "größe"}, "ml_grosse"),
    "empty package": ({"package_name": ""}, "my_project"),
    "long slug": ({"project_slug": 41 * "a"}, "ml-" + 37 * "a"),
    "path in the slug": ({"project_slug": "../evil"}, "evil"),
    "deep path in the slug": ({"project_slug": "a/b/c"}, "a-b-c"),
    "backslash in the slug": ({"project_slug": "a\\b"}, "a-b"),
    "endless slug": ({"project_slug": 300 * "a"}, 40 * "a"),
    "empty slug": ({"project_slug": ""}, "my-ml-project"),
    "slug without letters": ({"project_name": "🎉"}, "my-ml-project"),
    "dots": ({"project_slug": "..."}, "my-project"),
    "newline": ({"description": "one\ntwo"}, "one two"),
    "line separator": ({"author": "one\u2028two"}, "one two"),
    "escape sequence": ({"project_name": "a\x1b[31mred"}, "a [31mred"),
    "blank": ({"author": "  "}, "Plain words"),
    "space at the end": ({"project_name": "name "}, "name"),
    "long description": ({"description": 501 * "a"}, 500 * "a"),
    "not an address": ({"email": 'a"@b.c'}, "name@example.com"),
    "markup in the organisation": ({"org": "<a>"}, "my-team"),
    "a group in a group on GitHub": ({"org": "group/sub", "ci": "github"}, "group"),
}


@pytest.mark.parametrize("answers", ACCEPTED.values(), ids=ACCEPTED)
def test_strange_but_usable_answers_give_a_valid_project(tmp_path, answers):
    project = bake(tmp_path, **answers)
    assert list(tmp_path.iterdir()) == [project]
    assert_project_is_valid(project, answers)


@pytest.mark.parametrize(("answers", "suggestion"), REFUSED.values(), ids=REFUSED)
def test_unusable_answers_are_refused_with_what_to_type_instead(
    tmp_path, capfd, answers, suggestion
):
    with pytest.raises((FailedHookException, UndefinedError)) as refusal:
        bake(tmp_path, **answers)
    assert list(tmp_path.iterdir()) == []
    message = f"{capfd.readouterr().err}\n{refusal.value}"
    advice = rf"\b({'|'.join(QUESTIONS)}): .*Type for example: (.+?)['\"]?$"
    to_type = dict(re.findall(advice, message, re.MULTILINE))
    assert suggestion in to_type.values()
    assert bake(tmp_path, **{**answers, **to_type}).is_dir()


def test_the_command_fails_with_our_message_after_which_no_file_is_left(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "cookiecutter", TEMPLATE, "--no-input", "project_name=torch"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(BUILD)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode != 0
    assert "project_slug: 'torch' cannot be used." in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_checkout_path_with_spaces_and_unicode_works(tmp_path):
    checkout = tmp_path / "mein Pfad é 日本" / "ml-starter"
    checkout.mkdir(parents=True)
    for name in ("cookiecutter.json", "hooks", PROJECT.name):
        copy = shutil.copytree if (TEMPLATE / name).is_dir() else shutil.copy
        copy(TEMPLATE / name, checkout / name)
    assert_project_is_valid(bake(checkout.parent, template=checkout), {})
