from pathlib import Path

import small_data

from {{ cookiecutter.package_name }}.contract.casting import typed
from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading.opening import open_raw
from {{ cookiecutter.package_name }}.table.splitting import with_splits


def test_a_window_is_cut_from_the_file_and_reads_no_row_before_it(tmp_path: Path) -> None:
    write_raw(small_data.write_raw(tmp_path / "source"), tmp_path / "raw")
    contract = small_data.contract()
    table = with_splits(typed(open_raw(tmp_path / "raw"), contract), contract, small_data.SHARES)
    plan = table.rows.slice(60, 20).explain()
    assert "SLICE: Positive { offset: 60, len: 20 }" in plan  # of the scan
    assert "SLICE[" not in plan  # of what the scan gave
