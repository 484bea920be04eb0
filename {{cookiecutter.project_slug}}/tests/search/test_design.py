import numpy as np
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from {{ cookiecutter.package_name }}.search.design import at, design, place_of
from {{ cookiecutter.package_name }}.search.space import Space


def test_points_fill_each_key_evenly_as_random_ones_do_not(space: Space) -> None:
    places = np.array(
        [[place_of(space[key], one[key]) for key in ("optimizer.lr", "model.dropout")]
         for one in design(space, 16, seed=3)]
    )  # fmt: skip
    for column in places.T:
        counts = np.histogram(column, bins=16, range=(0, 1))[0]
        assert counts.tolist() == [1] * 16
    quarters = np.histogram2d(*places.T, bins=2, range=[(0, 1), (0, 1)])[0]
    assert quarters.min() >= 3


def test_each_choice_and_each_whole_number_gets_its_share(space: Space) -> None:
    points = design(space, 12, seed=0)
    for key, values in (("optimizer.schedule", 2), ("model.blocks", 3)):
        counts = np.unique([one[key] for one in points], return_counts=True)[1]
        assert len(counts) == values
        assert counts.max() - counts.min() <= 2


def test_the_same_seed_gives_the_same_design(space: Space) -> None:
    assert design(space, 5, seed=1) == design(space, 5, seed=1)
    assert design(space, 5, seed=1) != design(space, 5, seed=2)
    assert design(space, 3, seed=1) == design(space, 5, seed=1)[:3]


@pytest.mark.parametrize(
    "distribution",
    [
        FloatDistribution(0.001, 10.0, log=True),
        FloatDistribution(-1.0, 1.0, step=0.5),
        FloatDistribution(0.0, 0.3, step=0.1),
        IntDistribution(2, 64, log=True),
        IntDistribution(1, 9, step=4),
        CategoricalDistribution(["a", "b", "c"]),
    ],
)
def test_every_share_is_a_value_of_the_distribution_and_both_ends_are_met(
    distribution: IntDistribution | FloatDistribution | CategoricalDistribution,
) -> None:
    shares = np.linspace(0, 1, 401)[:-1]
    values = [at(distribution, float(share)) for share in shares]
    assert all(distribution._contains(distribution.to_internal_repr(value)) for value in values)
    if isinstance(distribution, CategoricalDistribution):
        assert set(values) == {"a", "b", "c"}
        return
    assert values[0] == pytest.approx(distribution.low)
    assert at(distribution, 1 - 1e-9) == pytest.approx(distribution.high)


def test_equal_shares_of_a_logarithmic_range_are_equal_ratios() -> None:
    one = FloatDistribution(0.01, 1.0, log=True)
    assert at(one, 0.5) == pytest.approx(0.1)
    assert place_of(one, 0.1) == pytest.approx(0.5)
    assert place_of(CategoricalDistribution(["a", "b"]), "a") is None
