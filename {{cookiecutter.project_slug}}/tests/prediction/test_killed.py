import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from import_graph import PACKAGE
from kills import needs_sigkill, wait_until
from polars.testing import assert_frame_equal

PREDICT = f"""
import sys
from pathlib import Path
from {PACKAGE}.prediction.procedure import predict_files
from {PACKAGE}.prediction.source import Source
rows, model, to = map(Path, sys.argv[1:])
source = Source(rows, model, [])
source.size = 1
predict_files(model, source, to)
"""
KILLS = 3


@needs_sigkill
@pytest.mark.slow
@pytest.mark.full
def test_killed_again_and_again_it_comes_to_what_an_undisturbed_one_does(
    rows: Path, model: Path, tmp_path: Path
) -> None:
    def start(to: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", PREDICT, str(rows), str(model), str(to)])

    whole, to = tmp_path / "whole.parquet", tmp_path / "killed.parquet"
    assert start(whole).wait() == 0
    pieces = to.with_name("killed.parquet.parts")
    for kill in range(1, KILLS + 1):
        process = start(to)
        wait_until(lambda least=10 * kill: len(list(pieces.glob("good-*.parquet"))) >= least)
        process.kill()
        process.wait()
        assert not to.exists()
    assert start(to).wait() == 0
    assert_frame_equal(pl.read_parquet(to), pl.read_parquet(whole))
    assert not pieces.exists()
