"""Item: one attachment of a visit in its editor, saved or waiting."""

from dataclasses import dataclass

from commissioner_app.attachments import AttachmentRow, Ready


@dataclass(frozen=True)
class Item:
    """One of them: `row` is what the ledger has, `waiting` what is not saved yet; marks: sentences to be pointed out."""

    key: str
    row: AttachmentRow | None = None
    waiting: Ready | None = None
    marks: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.row.kind if self.row else self.waiting.kind if self.waiting else ""

    @property
    def name(self) -> str:
        return self.row.file_name if self.row else self.waiting.name if self.waiting else ""

    @property
    def caption(self) -> str:
        return self.row.caption if self.row else self.waiting.caption if self.waiting else ""

    @property
    def media_type(self) -> str:
        return self.row.media_type if self.row else self.waiting.media_type if self.waiting else ""

    @property
    def taken_at(self) -> str | None:
        return self.row.taken_at if self.row else self.waiting.taken_at if self.waiting else None

    @property
    def position(self) -> tuple[float, float] | None:
        return self.row.position if self.row else self.waiting.position if self.waiting else None

    @property
    def here(self) -> bool:
        """Whether its bytes have arrived."""
        return self.row.here if self.row else True

    @property
    def sha256(self) -> str:
        return self.row.sha256 if self.row else self.waiting.sha256 if self.waiting else ""

    @property
    def source_sha256(self) -> str:
        return self.row.source_sha256 if self.row else self.waiting.source_sha256 if self.waiting else ""
