from {{ cookiecutter.package_name }}.leaks.finding import MOST_NAMES, Kind, listed


def test_a_kind_is_accepted_by_its_name() -> None:
    assert [kind.value for kind in Kind] == [kind.name for kind in Kind]


def test_many_names_are_cut_and_counted() -> None:
    names = [f"n{number}" for number in range(MOST_NAMES + 2)]
    assert listed(names).endswith(f"n{MOST_NAMES - 1} and 2 more")
    assert listed(names[:2]) == "n0, n1"
    assert listed([]) == ""
