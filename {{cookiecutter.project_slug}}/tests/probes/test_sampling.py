import numpy as np

from {{ cookiecutter.package_name }}.probes.sampling import sample_rows, share_of

IDS = [f"row-{number}" for number in range(1000)]


def test_few_rows_are_all_taken() -> None:
    assert sample_rows(IDS, 1000).tolist() == list(range(1000))
    assert sample_rows([], 10).tolist() == []


def test_a_sample_follows_from_the_ids_whatever_their_order() -> None:
    places = sample_rows(IDS, 100)
    assert (len(places), places.tolist()) == (100, sorted(places))
    backwards = IDS[::-1]
    assert {backwards[place] for place in sample_rows(backwards, 100)} == {IDS[p] for p in places}
    fewer = {IDS[place] for place in sample_rows(IDS, 50)}
    assert fewer < {IDS[place] for place in places}


def test_a_sample_is_from_everywhere() -> None:
    places = sample_rows(IDS, 200)
    assert np.histogram(places, bins=5, range=(0, 1000))[0].min() >= 20


def test_folds_share_the_rows() -> None:
    assert (share_of(1000, 1), share_of(1000, 5)) == (1000, 200)
    assert (share_of(3, 5), share_of(0, 5)) == (1, 0)
