"""What Windows asks of paths, to be looked at from elsewhere."""

import re
from collections import Counter

USER = r"C:\Users\some.longer.name"
CLONE = rf"{USER}\.cookiecutters\ml-starter"  # where cookiecutter and cruft put the template
PROJECTS = rf"{USER}\Documents\projects"
LONGEST_FILE, LONGEST_FOLDER = 259, 247  # where nobody has switched long paths on
LONGEST_NAME = 40 * "z"  # of a project, and of its package
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')


def impossible(paths):
    """The paths that Windows (or, for upper and lower case, macOS) cannot hold."""
    bad = [path for path in paths if any(map(_is_no_name, path.split("/")))]
    places = {part for path in paths for part in _above(path)}
    times = Counter(place.casefold() for place in places)
    return bad + sorted(place for place in places if times[place.casefold()] > 1)


def too_long(folder, paths):
    """The paths, as they would be below `folder`, that programs could not open."""
    places = [folder + "\\" + path.replace("/", "\\") for path in paths]
    return [
        place
        for place in places
        if len(place) > LONGEST_FILE or len(place.rpartition("\\")[0]) > LONGEST_FOLDER
    ]


def _is_no_name(part):
    return DEVICE.fullmatch(part) or FORBIDDEN.search(part)


def _above(path):
    parts = path.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
