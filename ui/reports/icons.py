"""Which icon stands for which kind of paper."""

ICONS = {
    "service": "report",
    "roster": "commissioner",
    "ledger": "columns",
    "visit-sheet": "visit",
    "blank-sheet": "document",
    "statistics": "chart",
    "contact-card": "phone",
    "agreement": "edit",
    "person-summary": "seal",
}
