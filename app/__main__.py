"""`python -m app`: the command line."""

from app.cli import rappel


def main() -> None:
    """Run the command line; exit status 0, 1 (found problems) or 2 (usage)."""
    rappel(prog_name="rappel")


if __name__ == "__main__":
    main()
