from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.sources import example


@pytest.mark.slow
def test_every_digit_lies_whole_at_a_place_that_its_id_gives(tmp_path: Path) -> None:
    example.write(tmp_path / "small", "canvas8")
    example.write(tmp_path / "large", "canvas12")
    large = tmp_path / "large"
    files = [file.relative_to(large).as_posix() for file in large.rglob("*.png")]
    assert len(files) == 1797
    assert {name.split("/")[0] for name in files} == set("0123456789")
    places = set()
    for name in sorted(files)[::20]:
        small = np.asarray(Image.open(tmp_path / "small" / name))
        whole = np.asarray(Image.open(large / name))
        top, left = example._place(Path(name).stem, 4)
        np.testing.assert_array_equal(whole[top : top + 8, left : left + 8], small)
        assert whole.sum() == small.sum()
        places.add((top, left))
    assert len(places) > 15
    assert max(map(max, places)) == 4
    assert "12x12" in (tmp_path / "large" / "ABOUT.txt").read_text("utf-8")


@pytest.mark.slow
def test_digits_look_the_same_on_every_machine_and_in_every_release(tmp_path: Path) -> None:
    places = [example._place(f"digit-{number:04d}", 4) for number in (0, 1, 1796)]
    assert places == [(4, 0), (0, 0), (3, 0)]
    example.write(tmp_path, "canvas8")
    pixels, labels = load_digits(return_X_y=True)
    for number, (row, label) in enumerate(zip(pixels, labels, strict=True)):
        written = np.asarray(Image.open(tmp_path / str(label) / f"digit-{number:04d}.png"))
        np.testing.assert_allclose(written.ravel() / 255, row / 16, atol=0.5 / 255)


def test_another_canvas_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such example\. Did you mean 'canv"):
        example.write(tmp_path / "raw", "canvas9")
