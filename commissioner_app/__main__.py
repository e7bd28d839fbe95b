"""The one entry point: without a verb the window opens, with one the command line runs."""

import sys
from collections.abc import Sequence

VERBS = {
    "init", "demo", "info", "import", "export", "report", "package", "conflicts", "check", "backup", "restore",
}  # fmt: skip

FILES = (".ktledger", ".ktpack")
"""What a double click hands over: a ledger to open, packages to receive."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run; the exit code. The window is imported only here, so that the command line needs no Qt libraries."""
    args = list(sys.argv[1:] if argv is None else argv)
    if VERBS & set(args) or {"-h", "--help", "--version"} & set(args):
        from commissioner_app import cli

        return cli.run(args)
    words = [a for a in args if not a.startswith("-")]
    known = {"--ledger", "--smoke-window"}
    unknown = [a for a in args if a.startswith("-") and a.split("=")[0] not in known]
    if unknown or any(not w.lower().endswith(FILES) for w in words):
        from commissioner_app import cli

        return cli.run(args)  # argparse says what is wrong, exit 2
    from ui.app import open_window

    return open_window(args)


if __name__ == "__main__":
    raise SystemExit(main())
