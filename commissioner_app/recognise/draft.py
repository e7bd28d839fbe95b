"""What is gathered for one draft, field by field, with where it stood."""

from dataclasses import dataclass, field
from typing import Any

from commissioner_app.recognise.figures import Figure
from commissioner_app.recognise.result import Doubt, Span
from commissioner_app.visits import WAYS


@dataclass
class Draft:
    """Values of a `Recognised` in the making."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    about: set[str] = field(default_factory=set)

    def take(self, span: Span | None) -> None:
        """A value with where it stood."""
        if span is not None:
            self.values[span.field] = span.value
            self.spans.append(span)

    def take_list(self, name: str, found: list[Span]) -> None:
        """The items of a list field."""
        if found:
            self.values[name] = tuple(dict.fromkeys(str(s.value) for s in found))
            self.spans += found

    def take_figure(self, name: str, figure: Figure | None) -> None:
        """A figure, with a doubt where the text rounds it or names another one."""
        if figure is None:
            return
        self.values[name] = figure.value
        self.spans += figure.spans
        if figure.about:
            self.about.add(name)
            self.doubts.append(Doubt(name, f"原文是约数，按 {figure.value} 填。"))
        if figure.note:
            self.doubts.append(Doubt(name, figure.note))

    def add_way(self, way: str, start: int, end: int) -> None:
        """A way that another field tells, unless it is there already."""
        told = self.values.get("ways", ())
        if way not in told:
            self.values["ways"] = tuple(sorted({*told, way}, key=WAYS.index))
            self.spans.append(Span(start, end, "ways", way))

    def doubt(self, name: str, message: str) -> None:
        """Something for the person who checks."""
        self.doubts.append(Doubt(name, message))

    def copy(self) -> "Draft":
        """A draft that may be filled on by itself."""
        return Draft(dict(self.values), list(self.spans), list(self.doubts), set(self.about))
