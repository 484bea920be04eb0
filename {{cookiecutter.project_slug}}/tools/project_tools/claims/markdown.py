"""What of a Markdown file is prose, and the comments in it that speak of its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
FENCE = re.compile(
    r"^ *(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^ *(?P=mark)[^\n]*$|\Z)", re.MULTILINE | re.DOTALL
)
CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
UNREAD = [
    COMMENT,
    re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)"),  # links and pictures
    re.compile(r"^\[[^\]\n]+\]:.*$", re.MULTILINE),  # where links lead to
    re.compile(r"https?://\S+"),
    re.compile(r"</?[A-Za-z][^>\n]*>"),
]
BEGIN, ENDS, MARK = "not a claim: begin", ("not a claim: end", "end"), "not a claim"


@dataclass(frozen=True)
class Comment:
    """An HTML comment: what it says, and from where to where."""

    said: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """A file as it is, and with everything blank that is not prose; places are the same in both."""

    whole: str
    prose: str
    comments: list[Comment]

    def line_of(self, place: int) -> int:
        """Return the number of the line, from 1 on."""
        return self.whole.count("\n", 0, place) + 1


def read(whole: str) -> Text:
    """Tell prose from code, links, comments and front matter."""
    without_code = whole
    for pattern in (FRONT_MATTER, FENCE, CODE):
        without_code = pattern.sub(_blank, without_code)
    comments = [
        Comment(" ".join(found[1].split()), found.start(), found.end())
        for found in COMMENT.finditer(without_code)
    ]
    prose = without_code
    for pattern in UNREAD:
        prose = pattern.sub(_blank, prose)
    return Text(whole, prose, comments)


def lines_without_claims(text: Text) -> tuple[set[int], list[int]]:
    """Return the lines that are marked as no claims, and those where a block begins without end."""
    marked: set[int] = set()
    begun: list[int] = []
    for comment in text.comments:
        line = text.line_of(comment.start)
        if comment.said == BEGIN:
            begun.append(line)
        elif comment.said in ENDS and begun:
            marked.update(range(begun.pop(), line + 1))
        elif comment.said == MARK:
            marked.update(range(line, text.line_of(comment.end) + 1))
    return marked, begun


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
